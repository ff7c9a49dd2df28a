// What an answer shows about who gave it, without a credential. Every byte is hostile: whatever it is, the judgement is bounded and clean text.
// Thread rule: pure functions.
#pragma once

#include "model/discovery.h"
#include "wire/dns/message.h"

#include <string>
#include <string_view>

namespace ipam::service {

// A server of a product that Cadastre manages.
struct Recognition {
  model::Product product = model::Product::Kea;
  std::string version;   // empty when it is not told
  std::string evidence;  // a sentence
};

// Kea's answer to "version-get" (Kea ARM, "Management API"): a list of one result, or the refusal of who does not sign in.
std::optional<Recognition> recognize_control_agent(int status, std::string_view body);
// BIND's answer to /json/v1/status.
std::optional<Recognition> recognize_statistics_channel(int status, std::string_view body);
// A name server's answer to version.bind CH TXT. Nothing for servers that name themselves as another product, or do not know the question.
std::optional<Recognition> recognize_name_server(const wire::dns::Message& answer);

// The question to a name server.
wire::dns::Message version_question();

}  // namespace ipam::service
