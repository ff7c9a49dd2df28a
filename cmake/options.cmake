# Compiler options that every target of ours shares.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

add_library(ipam_options INTERFACE)
target_compile_options(ipam_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wno-missing-field-initializers -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # Clang warns of what GCC's pedantic mode accepts behind __extension__.
  target_compile_options(ipam_options INTERFACE -Wno-gnu-statement-expression -Wno-sign-conversion)
endif()
target_link_libraries(ipam_options INTERFACE Threads::Threads)

add_library(ipam_sanitizers INTERFACE)
if(IPAM_SANITIZE)
  target_compile_options(ipam_sanitizers INTERFACE -fsanitize=${IPAM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(ipam_sanitizers INTERFACE -fsanitize=${IPAM_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # What this check puts before a function cannot be assembled for a coroutine (Clang 14).
    target_compile_options(ipam_sanitizers INTERFACE -fno-sanitize=function)
  endif()
endif()
if(IPAM_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # The instrumentation hides from GCC what it would otherwise prove to be initialised; the other builds keep the warning.
  target_compile_options(ipam_sanitizers INTERFACE -Wno-maybe-uninitialized)
endif()
if(IPAM_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC warns that ThreadSanitizer does not see fences; Asio has some, beside atomics that it does see.
  target_compile_options(ipam_sanitizers INTERFACE -Wno-tsan)
endif()
if(IPAM_FUZZ)
  target_compile_options(ipam_sanitizers INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_link_libraries(ipam_options INTERFACE ipam_sanitizers)

find_program(MOLD mold)
if(MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_link_options(ipam_options INTERFACE -fuse-ld=mold)
endif()
