# Tests of the house itself: that the floors hold and that its text speaks of the project alone. "house/…" so that they run by `ctest -R house`.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
add_test(NAME house/layers COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tools/check_layers")
add_test(NAME house/words COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tools/check_words")
add_test(NAME house/layers_rules COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tools/check_layers_test.py")
add_test(NAME house/coroutines COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tools/check_coroutines")
add_test(NAME house/coroutines_rules COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tools/check_coroutines_test.py")
add_test(NAME house/openapi COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tools/check_openapi")
add_test(NAME house/openapi_rules COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tools/check_openapi_test.py")
add_test(NAME house/settings COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/settings/generate" --check)
add_test(NAME house/log_messages COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tools/check_log_messages")
set_tests_properties(house/log_messages house/settings house/layers house/words house/layers_rules house/coroutines house/coroutines_rules house/openapi house/openapi_rules
  PROPERTIES TIMEOUT 60)
