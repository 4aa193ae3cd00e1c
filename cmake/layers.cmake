# One static library per layer. A layer sees only the headers of the layers it links: each library
# exports one include root, a view in the build tree that holds a symlink to exactly that folder, so
# that including what is not linked is "No such file". This is the first of the three rings.

# sluice_layer(<folder under app> SOURCES … [DEPENDS layer …] [PRIVATE target …] [PUBLIC target …]
#              [TESTS …] [TEST_DEPENDS …])
# platform/core becomes sluice_platform_core; TESTS become the binary platform_core_tests.
function(sluice_layer folder)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE;PUBLIC;TESTS;TEST_DEPENDS" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  set(view ${CMAKE_BINARY_DIR}/views/${name})
  cmake_path(GET folder PARENT_PATH parent)
  file(MAKE_DIRECTORY ${view}/${parent})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/app/${folder} ${view}/${folder} SYMBOLIC)

  add_library(sluice_${name} STATIC ${arg_SOURCES})
  target_include_directories(sluice_${name} PUBLIC ${view})
  target_link_libraries(sluice_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  foreach(dependency IN LISTS arg_DEPENDS)
    string(REPLACE "/" "_" dependency_name ${dependency})
    target_link_libraries(sluice_${name} PUBLIC sluice_${dependency_name})
  endforeach()
  if(TARGET sluice_pch AND NOT name STREQUAL "platform_core")
    target_precompile_headers(sluice_${name} REUSE_FROM sluice_pch)
    target_link_libraries(sluice_${name} PRIVATE fmt::fmt nlohmann_json::nlohmann_json)
  endif()
  if(arg_TESTS)
    sluice_test(${name}_tests SOURCES ${arg_TESTS} DEPENDS ${folder} ${arg_TEST_DEPENDS})
  endif()
endfunction()

# sluice_test(<name> SOURCES … [DEPENDS layer …] [LINK target …] [SERVERS kafka|kafka3|postgres …]
#             [LABELS …] [TIMEOUT seconds])
# SERVERS starts what the test needs once for the whole run (scripts/test-servers) and tells the
# test where it is through the file that SLUICE_TEST_ENV names.
function(sluice_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;DEPENDS;LINK;SERVERS;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE GTest::gmock GTest::gtest_main fmt::fmt
                                        nlohmann_json::nlohmann_json ${arg_LINK})
  foreach(dependency IN LISTS arg_DEPENDS)
    string(REPLACE "/" "_" dependency_name ${dependency})
    target_link_libraries(${name} PRIVATE sluice_${dependency_name})
  endforeach()
  if(TARGET sluice_test_pch)
    target_precompile_headers(${name} REUSE_FROM sluice_test_pch)
  endif()
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
  if(arg_SERVERS)
    target_link_libraries(${name} PRIVATE sluice_test_support)
    set_tests_properties(${name} PROPERTIES
      FIXTURES_REQUIRED "${arg_SERVERS}"
      ENVIRONMENT "SLUICE_TEST_ENV=${CMAKE_BINARY_DIR}/test-servers/env")
    if("kafka3" IN_LIST arg_SERVERS)
      # Throttles belong to whole brokers: who moves replicas there has them alone.
      set_tests_properties(${name} PROPERTIES RESOURCE_LOCK kafka3)
    endif()
  endif()
endfunction()
