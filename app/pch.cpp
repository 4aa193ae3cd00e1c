// The precompiled headers need one translation unit that owns them.
