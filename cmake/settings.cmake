# The settings of ipamd as C++: generated/app/ipamd/settings_table.h, from settings/ipamd.toml.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/settings/ipamd.toml" "${PROJECT_SOURCE_DIR}/settings/generate")
execute_process(COMMAND "${Python3_EXECUTABLE}" "${PROJECT_SOURCE_DIR}/settings/generate" --code "${PROJECT_BINARY_DIR}/generated/app/ipamd/settings_table.h"
  COMMAND_ERROR_IS_FATAL ANY)
