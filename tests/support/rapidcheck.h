// RapidCheck with GoogleTest: <gtest/gtest.h> must come first, or rapidcheck/gtest.h does not compile.
#pragma once

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
