-- Who had a token issued: with its owner, whom the token counts as. Empty in older rows: the owner.
ALTER TABLE auth_service_tokens ADD COLUMN issuer text NOT NULL DEFAULT '';
