/// @file
/// The floor of reading JSON with simdjson: its On-Demand reader goes over everything and takes no
/// value.

#ifndef TLSRPT_BENCHMARKS_WALK
#define TLSRPT_BENCHMARKS_WALK

#include <cstddef>
#include <string_view>

#include <simdjson.h>

namespace bench {

inline bool walk(simdjson::ondemand::value value) {
  simdjson::ondemand::json_type type;
  if (value.type().get(type)) return false;
  if (type == simdjson::ondemand::json_type::object) {
    simdjson::ondemand::object object;
    if (value.get_object().get(object)) return false;
    for (auto field : object) {
      simdjson::ondemand::value child;
      if (field.value().get(child) || !walk(child)) return false;
    }
  } else if (type == simdjson::ondemand::json_type::array) {
    simdjson::ondemand::array array;
    if (value.get_array().get(array)) return false;
    for (auto element : array) {
      simdjson::ondemand::value child;
      if (element.get(child) || !walk(child)) return false;
    }
  }
  return true;
}

/// `capacity` counts from text.data() and says how many octets may be read.
inline bool walk(simdjson::ondemand::parser& parser, std::string_view text, std::size_t capacity) {
  simdjson::ondemand::document document;
  simdjson::ondemand::value root;
  return !parser.iterate(simdjson::padded_string_view(text, capacity)).get(document) &&
         !document.get_value().get(root) && walk(root);
}

}  // namespace bench

#endif
