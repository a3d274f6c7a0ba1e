/// @file
/// Bodies of arrow.hpp.

#ifndef TLSRPT_HPP_IMPL_ARROW
#define TLSRPT_HPP_IMPL_ARROW

#include <array>
#include <cstdlib>
#include <memory>
#include <utility>

#include <tlsrpt/detail/arrow/input.hpp>
#include <tlsrpt/detail/arrow/stream.hpp>
#include <tlsrpt/detail/core/buffer.hpp>

namespace tlsrpt {

namespace detail {

/// A column of rows that are never null has no validity; Arrow wants a place for it all the same.
inline const void* no_validity[1] = {nullptr};

/// The pointers to all buffers, and after them the buffers: one piece of memory, which lives as
/// long as any column. So memory has no gaps, and malloc uses that of one batch for another.
using given_buffers = std::array<column::buffers, column_count>;

inline given_buffers* give_buffers(const column_set& columns) noexcept {
  std::size_t size = sizeof(given_buffers) + buffer_places::alignment;
  for (std::size_t i = 0; i < column_count; ++i)
    size += columns[i].given_size(column_fields[i].kind);
  void* memory = std::malloc(size);
  if (memory == nullptr) return nullptr;
  auto* const given = std::construct_at(static_cast<given_buffers*>(memory));
  memory = given + 1;
  size -= sizeof(given_buffers);
  std::align(buffer_places::alignment, 0, memory, size);
  buffer_places places(static_cast<std::byte*>(memory));
  for (std::size_t i = 0; i < column_count; ++i)
    if (column_fields[i].kind != column_kind::row)
      (*given)[i] = columns[i].give(column_fields[i].kind, places);
  return given;
}

/// Gives away a copy of `columns`. False when there is no memory.
inline bool give_columns(const column_set& columns, bool with_optional, ArrowArray& out) noexcept {
  for (const column& each : columns)
    if (each.has_failed()) return false;
  given_buffers* const given = give_buffers(columns);
  if (given == nullptr) return false;
  auto* const tree = node_tree<ArrowArray>::make(column_count, given, std::free);
  if (tree == nullptr) {
    std::free(given);
    return false;
  }
  out = {};
  make_columns(*tree, out, 0, with_optional, [&](ArrowArray& node, std::size_t place) {
    const column_kind kind = column_fields[place].kind;
    node.length = static_cast<std::int64_t>(columns[place].length());
    node.null_count = static_cast<std::int64_t>(columns[place].nulls());
    node.n_buffers = kind == column_kind::row ? 1 : kind == column_kind::text ? 3 : 2;
    node.buffers = kind == column_kind::row ? no_validity : (*given)[place].data();
  });
  return true;
}

/// Reads an input and appends its row. False when there is no memory.
template <class Parser>
bool read_into(arrow_batch& batch, Parser& parser, std::span<const std::byte> octets,
               const arrow_source& source) noexcept {
  constexpr std::size_t findings_kept = 16;
  diagnostic_list<findings_kept> found;
  static_assert(noexcept(parser.parse(octets, found)));
  const auto report = parser.parse(octets, found);
  return report ? batch.append(source, *report, found.kept(), found.dropped())
                : batch.append(source, report.error(), found.kept(), found.dropped());
}

/// A stream of inputs that are read.
template <class Parser, class Inputs>
class reading_stream {
 public:
  reading_stream(Parser parser, Inputs inputs, const arrow_options& options) noexcept
      : parser_(std::move(parser)),
        inputs_(std::move(inputs)),
        options_(options),
        batch_(options) {}

  stream_fault& fault() noexcept { return fault_; }
  int get_schema(ArrowSchema& out) noexcept {
    return make_arrow_schema(out, options_) ? 0 : fault_.no_memory();
  }
  int get_next(ArrowArray& out) noexcept {
    arrow_input input;
    while (!is_at_end_ && !batch_.is_full()) {
      input = {};
      is_at_end_ = !inputs_.next(input);
      if (!is_at_end_ && !append(input)) return fault_.no_memory();
    }
    if (batch_.rows() != 0) return batch_.finish(out) ? 0 : fault_.no_memory();
    const int error = inputs_.error();
    return error == 0 ? 0 : fault_.set(error, "the inputs ended early");
  }

 private:
  bool append(const arrow_input& input) noexcept {
    if (!input.unreadable.empty()) return batch_.append_unreadable(input.source, input.unreadable);
    if (input.refused.code != errc::ok) return batch_.append(input.source, input.refused);
    return read_into(batch_, parser_, input.octets, input.source);
  }

  Parser parser_;
  Inputs inputs_;
  arrow_options options_;
  arrow_batch batch_;
  stream_fault fault_;
  bool is_at_end_ = false;
};

/// A stream of what is in a column of another stream.
template <class Parser>
class parsing_stream {
 public:
  parsing_stream(Parser parser, const ArrowArrayStream& in, const arrow_options& options) noexcept
      : parser_(std::move(parser)), options_(options), batch_(options) {
    in_.node = in;
  }
  parsing_stream(const parsing_stream&) = delete;
  parsing_stream& operator=(const parsing_stream&) = delete;
  ~parsing_stream() {
    if (chunk_ != nullptr) chunk_->drop();
    if (schema_ != nullptr) schema_->drop();
  }

  stream_fault& fault() noexcept { return fault_; }

  int get_schema(ArrowSchema& out) noexcept {
    if (const int error = read_schema(); error != 0) return error;
    if (!make_arrow_schema(out, options_)) return fault_.no_memory();
    const bool has_memory =
        add_shared(*schema_, schema_->value.node, out, [](const ArrowSchema&, ArrowSchema&) {});
    return has_memory ? 0 : give_up(out);
  }

  int get_next(ArrowArray& out) noexcept {
    if (const int error = read_schema(); error != 0) return error;
    while (chunk_ == nullptr || row_ == chunk_->value.node.length) {
      if (const int error = next_chunk(); error != 0) return error;
      if (chunk_ == nullptr) return 0;
    }
    const std::int64_t first = row_;
    for (; row_ < chunk_->value.node.length && !batch_.is_full(); ++row_)
      if (!read_row()) return fault_.no_memory();
    if (!batch_.finish(out)) return fault_.no_memory();
    const ArrowArray& root = chunk_->value.node;
    const std::int64_t count = row_ - first;
    const auto cut = [&](const ArrowArray& whole, ArrowArray& part) {
      part.offset += root.offset + first;
      part.length = count;
      if (whole.null_count != 0) part.null_count = whole.null_count == whole.length ? count : -1;
    };
    return add_shared(*chunk_, root, out, cut) ? 0 : give_up(out);
  }

 private:
  template <class Node>
  int give_up(Node& out) noexcept {
    out.release(&out);
    return fault_.no_memory();
  }

  // ---- what the input has

  /// Looks at the schema once.
  int read_schema() noexcept {
    if (schema_ != nullptr) return 0;
    auto* const taken = shared<taken_node<ArrowSchema>>::make();
    if (taken == nullptr) return fault_.no_memory();
    ArrowSchema& schema = taken->value.node;
    int error = in_.node.get_schema(&in_.node, &schema);
    if (error != 0)
      copy_fault(error);
    else
      error = check(schema);
    if (error != 0)
      taken->drop();
    else
      schema_ = taken;
    return error;
  }

  int check(const ArrowSchema& schema) noexcept {
    is_struct_ = std::string_view(schema.format) == "+s";
    if (!is_struct_) {
      if (input_column::is_octets(schema.format)) return 0;
      return fault_.set(EINVAL, "a column of octets is needed, not one of the format ",
                        schema.format);
    }
    for (std::int64_t i = 0; i < schema.n_children; ++i)
      if (const int error = check_column(*schema.children[i]); error != 0) return error;
    return find(schema, "content") ? 0 : fault_.set(EINVAL, "there is no column content");
  }
  int check_column(const ArrowSchema& column) noexcept {
    const std::string_view name = name_of(column), format = column.format;
    if (!is_ours(name)) return 0;
    const bool is_time = name == "received";
    const bool fits = is_time ? input_column::is_time(format) : input_column::is_octets(format);
    if (name == "content" || name == "source" || name == "submitter" || name == "report_domain" ||
        is_time)
      return fits ? 0 : fault_.set(EINVAL, "this column has another type than is needed: ", name);
    return fault_.set(EINVAL, "a column of the input has a name that is made here: ", name);
  }

  static std::string_view name_of(const ArrowSchema& column) noexcept {
    return column.name == nullptr ? std::string_view() : column.name;
  }
  /// Whether a column is not one to be taken along.
  static bool is_ours(std::string_view name) noexcept {
    bool found = name == "content";
    for_each_child(0, true, [&](std::size_t place) {
      found |= name == detail::name_of(column_fields[place]);
    });
    return found;
  }
  static std::optional<std::int64_t> find(const ArrowSchema& schema,
                                          std::string_view name) noexcept {
    for (std::int64_t i = 0; i < schema.n_children; ++i)
      if (name_of(*schema.children[i]) == name) return i;
    return {};
  }

  // ---- rows

  int next_chunk() noexcept {
    if (chunk_ != nullptr) std::exchange(chunk_, nullptr)->drop();
    auto* const taken = shared<taken_node<ArrowArray>>::make();
    if (taken == nullptr) return fault_.no_memory();
    ArrowArray& array = taken->value.node;
    if (const int error = in_.node.get_next(&in_.node, &array); error != 0) {
      copy_fault(error);
      taken->drop();
      return error;
    }
    if (array.release == nullptr) {
      taken->drop();
      return 0;
    }
    if (is_struct_ && array.n_children != schema_->value.node.n_children) {
      taken->drop();
      return fault_.set(EINVAL, "a batch has other columns than the schema");
    }
    chunk_ = taken;
    row_ = 0;
    content_ = is_struct_ ? column("content") : input_column(schema_->value.node, array, 0);
    source_ = column("source");
    submitter_ = column("submitter");
    received_ = column("received");
    report_domain_ = column("report_domain");
    return 0;
  }
  input_column column(std::string_view name) const noexcept {
    const ArrowSchema& schema = schema_->value.node;
    const ArrowArray& array = chunk_->value.node;
    const auto place = is_struct_ ? find(schema, name) : std::nullopt;
    if (!place) return {};
    return input_column(*schema.children[*place], *array.children[*place], array.offset);
  }

  bool read_row() noexcept {
    arrow_source source;
    source.position = position_++;
    if (source_.is_there()) source.name = source_.text(row_);
    if (submitter_.is_there()) source.submitter = submitter_.text(row_);
    if (received_.is_there()) source.received = received_.time(row_);
    if (report_domain_.is_there()) source.report_domain = report_domain_.text(row_);
    return read_into(batch_, parser_, content_.octets(row_), source);
  }

  /// Adds the columns that are taken along, `change` makes of each what it has to be.
  template <class Node, class Change>
  bool add_shared(shared<taken_node<Node>>& owner, const Node& root, Node& out,
                  const Change& change) noexcept {
    if (!is_struct_) return true;
    arena<Node> parts;
    const ArrowSchema& schema = schema_->value.node;
    bool has_memory = true;
    for (std::int64_t i = 0; has_memory && i < root.n_children; ++i) {
      if (is_ours(name_of(*schema.children[i]))) continue;
      Node* const part = parts.extend();
      has_memory = part != nullptr && share_node(owner, *root.children[i], *part);
      if (has_memory) change(*root.children[i], *part);
    }
    const std::span<Node> added(parts.data(), parts.size());
    if (has_memory && (added.empty() || add_columns(out, added))) return true;
    for (Node& part : added)
      if (part.release != nullptr) part.release(&part);
    return false;
  }

  void copy_fault(int error) noexcept {
    const char* const text = in_.node.get_last_error(&in_.node);
    fault_.set(error, text == nullptr ? "the input failed" : text);
  }

  Parser parser_;
  taken_node<ArrowArrayStream> in_;
  arrow_options options_;
  arrow_batch batch_;
  stream_fault fault_;
  shared<taken_node<ArrowSchema>>* schema_ = nullptr;
  shared<taken_node<ArrowArray>>* chunk_ = nullptr;
  bool is_struct_ = false;
  std::int64_t row_ = 0;  ///< In the chunk.
  std::int64_t position_ = 0;
  input_column content_, source_, submitter_, received_, report_domain_;
};

}  // namespace detail

inline bool make_arrow_schema(ArrowSchema& out, const arrow_options& options) noexcept {
  return detail::make_schema(options.with_ledger, out);
}

inline void arrow_batch::begin(const arrow_source& source) noexcept {
  ++rows_;
  writer_.begin(columns_);
  writer_.optional_text(source.name);
  writer_.number(source.position);
  writer_.optional_text(source.submitter);
  writer_.optional_number(source.received);
  writer_.report_domain(source.report_domain);
}

inline bool arrow_batch::end(std::span<const diagnostic> findings, std::size_t left_out) noexcept {
  writer_.findings(findings, left_out);
  octets_ += writer_.take_octets();
  has_failed_ = has_failed_ || writer_.lacks_memory();
  return !has_failed_;
}

inline bool arrow_batch::append(const arrow_source& source, const report_view& report,
                                std::span<const diagnostic> findings,
                                std::size_t left_out) noexcept {
  begin(source);
  writer_.no_error();
  writer_.report(report);
  writer_.of_ledger(report, source.submitter, source.received);
  return end(findings, left_out);
}

inline bool arrow_batch::append(const arrow_source& source, const diagnostic& error,
                                std::span<const diagnostic> findings,
                                std::size_t left_out) noexcept {
  begin(source);
  writer_.error(error);
  writer_.no_report();
  return end(findings, left_out);
}

inline bool arrow_batch::append_unreadable(const arrow_source& source,
                                           std::string_view why) noexcept {
  begin(source);
  writer_.unreadable(why);
  writer_.no_report();
  return end({}, 0);
}

inline bool arrow_batch::finish(ArrowArray& out) noexcept {
  out = {};
  const bool is_given = !has_failed_ && detail::give_columns(columns_, options_.with_ledger, out);
  // Memory that was enough once will be so again. That of one very large report is not kept.
  const bool keeps_memory = is_given && octets_ < options_.octets;
  for (detail::column& each : columns_) {
    if (keeps_memory)
      each.clear();
    else
      each.release();
  }
  rows_ = octets_ = 0;
  has_failed_ = false;
  writer_.forget();
  return is_given;
}

template <class Parser, arrow_inputs Inputs>
bool make_arrow_stream(Parser parser, Inputs inputs, ArrowArrayStream& out,
                       const arrow_options& options) noexcept {
  return detail::make_stream<detail::reading_stream<Parser, Inputs>>(out, std::move(parser),
                                                                     std::move(inputs), options);
}

template <class Parser>
bool parse_arrow_stream(Parser parser, ArrowArrayStream& in, ArrowArrayStream& out,
                        const arrow_options& options) noexcept {
  const bool is_made =
      detail::make_stream<detail::parsing_stream<Parser>>(out, std::move(parser), in, options);
  if (is_made) in.release = nullptr;
  return is_made;
}

}  // namespace tlsrpt

#endif
