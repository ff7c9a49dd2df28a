// The three formats of NPS logs, one entry each. Answers what is wrong, a literal, or nothing. Thread rule: pure functions.
#pragma once

#include "wire/nps_log/record.h"

namespace ipam::wire::nps_log {

// "<Event><Timestamp data_type="4">…</Timestamp>…</Event>": elements without elements in them, the five entities of XML and character references.
std::string_view read_dts(std::string_view text, log_lines::DateOrder& order, Record& record);
// 66 columns in an order of their own, separated by commas; texts in double quotes, a quote in a text doubled.
std::string_view read_database(std::string_view line, log_lines::DateOrder& order, Record& record);
// "NAS,user,date,time,service,computer" and then pairs of an attribute's number and its text. A text with commas or unprintable characters is written
// in hexadecimal digits ("0x…").
std::string_view read_ias(std::string_view line, log_lines::DateOrder& order, Record& record);

}  // namespace ipam::wire::nps_log
