# hw_embed_files(<library> HEADER data.h NAMESPACE hallwarden::text FILES simplified.txt=SimplifiedText ...)
# Adds a generated source to <library> that defines, in NAMESPACE, one function `std::string_view SimplifiedText()` per
# FILE=FUNCTION, as HEADER declares it. Data files are looked up below data/ of the calling folder and are read at build
# time, so a program carries its tables with it.
function(hw_embed_files library)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "HEADER;NAMESPACE" "FILES")
  foreach(item IN LISTS ARG_FILES)
    string(REPLACE "=" ";" parts ${item})
    list(GET parts 0 file)
    list(GET parts 1 function)
    set(source ${CMAKE_CURRENT_SOURCE_DIR}/data/${file})
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/embedded_${function}.cc)
    add_custom_command(
      OUTPUT ${generated}
      COMMAND ${CMAKE_COMMAND} -DSOURCE=${source} -DOUTPUT=${generated} -DHEADER=${ARG_HEADER}
        -DNAMESPACE=${ARG_NAMESPACE} -DFUNCTION=${function} -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake
      DEPENDS ${source} ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake
      VERBATIM)
    target_sources(${library} PRIVATE ${generated})
  endforeach()
endfunction()
