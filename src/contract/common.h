// What many answers share. Every struct here and beside is one JSON object of the API; json/codec.h reads and writes it. A field of a request that is
// std::optional may be left out; in a PATCH, a nested std::optional tells "leave" (absent) from "clear" (null). Thread rule: plain values.
#pragma once

#include "contract/object_id.h"
#include "ip/hardware_address.h"
#include "ip/range.h"
#include "json/codec.h"

#include <boost/describe.hpp>

namespace ipam::contract {

template <class T>
using Patch = std::optional<std::optional<T>>;

// One page of a list: {"items": […], "next_cursor": "…" or null, "total": …, only with count=exact}.
template <class T>
struct List {
  std::vector<T> items;
  std::optional<std::string> next_cursor;
  std::optional<std::uint64_t> total;

  BOOST_DESCRIBE_CLASS(List, (), (items, next_cursor, total), (), ())
};

enum class UtilizationStatus { Under, Optimal, Over };
BOOST_DESCRIBE_ENUM(UtilizationStatus, Under, Optimal, Over)

// How full something is. `used` counts an address once however many reasons it has; capacity leaves out exclusions, and the network and broadcast
// address of an IPv4 subnet; percent is used of capacity. Counts above 2^53 are decimal strings.
struct Utilization {
  json::Wide capacity = 0;
  json::Wide used = 0;
  json::Wide free = 0;
  json::Wide assigned = 0;
  json::Wide reserved = 0;
  json::Wide leased = 0;
  double percent = 0;
  UtilizationStatus status = UtilizationStatus::Optimal;
  // Of IPv6 prefixes of /64 or shorter, else null: their networks of /64, and how many of these are taken (by subnets in a block, by addresses in a
  // subnet).
  std::optional<json::Wide> networks_64;
  std::optional<json::Wide> networks_64_used;
};
BOOST_DESCRIBE_STRUCT(Utilization, (), (capacity, used, free, assigned, reserved, leased, percent, status, networks_64, networks_64_used))

// RFC 9457.
struct ProblemField {
  std::string pointer;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(ProblemField, (), (pointer, detail))

struct Problem {
  std::string type;
  std::string title;
  int status = 0;
  std::string code;
  std::string detail;
  std::vector<ProblemField> errors;
  std::string request_id;
};
BOOST_DESCRIBE_STRUCT(Problem, (), (type, title, status, code, detail, errors, request_id))

struct Health {
  std::string status;  // "ok", or what is wrong
  std::string version;
  std::uint64_t sequence = 0;
};
BOOST_DESCRIBE_STRUCT(Health, (), (status, version, sequence))

}  // namespace ipam::contract
