// Precompiled for the tests, beside pch.h.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>
