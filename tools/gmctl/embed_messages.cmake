# cmake -DINPUT=messages.tsv -DOUTPUT=messages_data.cc -P embed_messages.cmake
# Bytes, not a string literal: those may not be longer than 64 KiB.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n  "
  bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"tools/gmctl/messages_data.h\"

namespace hallwarden::gmctl {
namespace {

constexpr unsigned char kBytes[] = {
  ${bytes}
};

}  // namespace

std::string_view MessagesFile() {
  return {reinterpret_cast<const char*>(kBytes), sizeof kBytes};
}

}  // namespace hallwarden::gmctl
")
