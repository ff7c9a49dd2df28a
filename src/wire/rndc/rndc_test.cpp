#include "wire/rndc/rndc.h"

#include "base/file.h"
#include "base/strings.h"

#include <gmock/gmock.h>

#include <stdexcept>

namespace ipam::wire::rndc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string golden(const std::string& file) { return read_file(IPAM_SOURCE_FOLDER "/tests/golden/bind/" + file, 1U << 20U).value(); }

Key golden_key() {
  const std::string keys = golden("keys.txt");
  for (const std::string_view line : split(keys, '\n')) {
    const auto words = split(line, ' ');
    if (words.size() == 3 && words[0] == "rndc-key") return Key::create(words[1], Secret(std::string(words[2]))).value();
  }
  throw std::runtime_error("no rndc-key");
}

// The messages with their lengths.
std::vector<Bytes> messages(const std::string& file) {
  const std::string stream = golden(file);
  std::vector<Bytes> found;
  for (std::size_t at = 0; at + 4 <= stream.size();) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<std::uint8_t>(stream[at + i]);
    found.emplace_back(stream.begin() + static_cast<std::ptrdiff_t>(at), stream.begin() + static_cast<std::ptrdiff_t>(at + 4 + length));
    at += 4 + length;
  }
  return found;
}

Result<Reply> reply(const Bytes& framed) { return decode(ByteView(framed).subspan(4), golden_key()); }

TEST(Rndc, ReadsTheRepliesOfBind) {
  const Reply first = reply(messages("rndc-status.answer").at(0)).value();
  EXPECT_FALSE(first.nonce.empty());
  const Reply status = reply(messages("rndc-status.answer").at(1)).value();
  EXPECT_EQ(status.result, 0U);
  EXPECT_THAT(status.text, HasSubstr("server is up and running"));
  EXPECT_THAT(reply(messages("rndc-zonestatus.answer").at(1)).value().text, HasSubstr("serial: "));
  const Reply refused = reply(messages("rndc-unknown-zone.answer").at(1)).value();
  EXPECT_NE(refused.result, 0U);
  EXPECT_THAT(refused.error, HasSubstr("not found"));
  EXPECT_NE(reply(messages("rndc-unknown-command.answer").at(1)).value().result, 0U);
}

// A recorded command is what we would have sent, and is verified as a reply would be.
TEST(Rndc, SignsCommandsAsTheRndcProgramDoes) {
  const std::vector<Bytes> recorded = messages("rndc-zonestatus.request");
  ASSERT_EQ(recorded.size(), 2U);
  const std::string text(as_text(recorded[1]));
  const auto value = [&](const std::string& key) {
    const auto at = text.find(key) + key.size() + 1;
    return text.substr(at + 4, static_cast<std::uint8_t>(text[at + 3]));
  };
  Command command;
  command.text = value("type");
  EXPECT_THAT(command.text, HasSubstr("zonestatus lab.example"));
  command.serial = *parse_integer<std::uint32_t>(value("_ser"));
  command.sent = Time(std::chrono::seconds(*parse_integer<std::int64_t>(value("_tim"))));
  command.nonce = value("_nonce");
  EXPECT_EQ(to_hex(encode(command, golden_key()).value()), to_hex(recorded[1]));
}

TEST(Rndc, RefusesEveryChangedOctet) {
  const Bytes framed = messages("rndc-status.answer").at(1);
  for (std::size_t at = 4; at < framed.size(); ++at) {
    Bytes altered = framed;
    altered[at] ^= 1;
    EXPECT_FALSE(reply(altered).ok()) << at;
  }
  for (std::size_t size = 4; size < framed.size(); ++size) EXPECT_FALSE(decode(ByteView(framed).subspan(4, size - 4), golden_key()).ok());
}

TEST(Rndc, AnotherKeyIsUnauthenticated) {
  const auto refused = decode(ByteView(messages("rndc-status.answer").at(0)).subspan(4), Key::create("hmac-sha256", Secret("c2VjcmV0")).value());
  EXPECT_EQ(refused.error().code, ErrorCode::Unauthenticated);
}

TEST(Rndc, RefusesKeysAndCommandsThatCannotBe) {
  EXPECT_EQ(Key::create("hmac-md5", Secret("c2VjcmV0")).error().code, ErrorCode::Unsupported);
  EXPECT_EQ(Key::create("aes", Secret("c2VjcmV0")).error().code, ErrorCode::InvalidArgument);
  const auto bad = Key::create("hmac-sha256", Secret("no*base64"));
  EXPECT_THAT(bad.error().describe(), Not(HasSubstr("no*base64")));
  EXPECT_FALSE(encode({.text = std::string(3000, 'x')}, golden_key()).ok());
  EXPECT_FALSE(encode({.text = "status\nstop"}, golden_key()).ok());
}

}  // namespace
}  // namespace ipam::wire::rndc
