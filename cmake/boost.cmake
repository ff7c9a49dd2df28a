# Boost's sources compiled once instead of in every unit that includes them.
add_library(ipam_boost STATIC
  cmake/boost_sources/asio.cpp cmake/boost_sources/asio_ssl.cpp cmake/boost_sources/beast.cpp cmake/boost_sources/json.cpp)
target_include_directories(ipam_boost SYSTEM PUBLIC ${Boost_INCLUDE_DIRS})
target_compile_definitions(ipam_boost PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ALL_NO_LIB)
target_link_libraries(ipam_boost PUBLIC ipam_sanitizers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Asio's coroutine frames come from a recycling allocator over aligned_alloc; GCC 12 sees half of it once it inlines, and warns.
  target_compile_options(ipam_boost INTERFACE -Wno-mismatched-new-delete)
endif()
