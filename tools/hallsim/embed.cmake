# cmake -DOUT=... -DWORDS=... -DNAMES=... -P embed.cmake: writes the two text files as a C++ source.
function(hw_bytes variable path)
  file(READ ${path} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  # A line per 16 bytes: editors and compilers dislike one of 30,000.
  string(REGEX REPLACE "((0x..,){16})" "\\1\n    " bytes "${bytes}")
  set(${variable} "${bytes}" PARENT_SCOPE)
endfunction()

hw_bytes(words ${WORDS})
hw_bytes(names ${NAMES})
file(WRITE ${OUT} "#include \"tools/hallsim/embedded.h\"

namespace hallwarden::hallsim {
namespace {

constexpr unsigned char kWords[] = {
    ${words}};

constexpr unsigned char kNames[] = {
    ${names}};

}  // namespace

std::string EmbeddedWords() { return {kWords, kWords + sizeof(kWords)}; }
std::string EmbeddedViolatingNames() { return {kNames, kNames + sizeof(kNames)}; }

}  // namespace hallwarden::hallsim
")
