# Run by hw_embed_files: writes OUTPUT, a source that defines NAMESPACE::FUNCTION() with the bytes of SOURCE.
file(READ ${SOURCE} hex HEX)
string(REGEX REPLACE "(................................)" "\\1\n    " hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
file(WRITE ${OUTPUT} "#include \"${HEADER}\"

namespace ${NAMESPACE} {
namespace {

constexpr char kBytes[] = {
    ${bytes}'\\0'};

}  // namespace

std::string_view ${FUNCTION}() { return {static_cast<const char*>(kBytes), sizeof(kBytes) - 1}; }

}  // namespace ${NAMESPACE}
")
