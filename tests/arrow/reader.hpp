/// A small reader of the Arrow C Data Interface.

#ifndef TLSRPT_TESTS_ARROW_READER
#define TLSRPT_TESTS_ARROW_READER

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/arrow.hpp>

namespace support {

/// Something of the interface, released at the end.
template <class T>
struct owned {
  T it{};

  owned() = default;
  owned(const owned&) = delete;
  owned& operator=(const owned&) = delete;
  ~owned() {
    if (it.release != nullptr) it.release(&it);
  }
};

/// Reads rows as texts such as {"source":"a","position":0,"policies":[]}. Members that are null are
/// left out.
class arrow_reader {
 public:
  static std::string row(const ArrowSchema& schema, const ArrowArray& array, std::int64_t row) {
    const std::string_view format = schema.format;
    const std::int64_t place = array.offset + row;
    if (format == "+s") return struct_row(schema, array, place);
    if (format == "u" || format == "z") {
      const auto begin = at<std::int32_t>(array, 1, place),
                 end = at<std::int32_t>(array, 1, place + 1);
      if (begin > end) std::abort();
      const auto* const data = static_cast<const char*>(array.buffers[2]);
      return '"' + std::string(data + begin, data + end) + '"';
    }
    if (format == "tdD" || format == "i") return std::to_string(at<std::int32_t>(array, 1, place));
    if (format == "l" || format == "tsu:UTC")
      return std::to_string(at<std::int64_t>(array, 1, place));
    if (format != "+l") std::abort();
    const auto begin = at<std::int32_t>(array, 1, place),
               end = at<std::int32_t>(array, 1, place + 1);
    if (begin > end || end > array.children[0]->length) std::abort();
    std::string text = "[";
    for (std::int32_t i = begin; i < end; ++i)
      text +=
          (i == begin ? "" : ",") + arrow_reader::row(*schema.children[0], *array.children[0], i);
    return text + "]";
  }

  static bool is_null(const ArrowArray& array, std::int64_t row) {
    if (array.null_count == 0 || array.buffers[0] == nullptr) return false;
    const std::int64_t place = array.offset + row;
    return (at<std::uint8_t>(array, 0, place / 8) >> (place % 8) & 1) == 0;
  }

 private:
  template <class T>
  static T at(const ArrowArray& array, std::size_t buffer, std::int64_t place) {
    T value;
    std::memcpy(
        &value,
        static_cast<const std::byte*>(array.buffers[buffer]) + place * std::int64_t{sizeof value},
        sizeof value);
    return value;
  }
  static std::string struct_row(const ArrowSchema& schema, const ArrowArray& array,
                                std::int64_t place) {
    if (schema.n_children != array.n_children) std::abort();
    std::string text = "{";
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
      const ArrowArray& child = *array.children[i];
      if (place >= child.length) std::abort();
      if (is_null(child, place)) {
        if ((schema.children[i]->flags & ARROW_FLAG_NULLABLE) == 0) std::abort();
        continue;
      }
      if (text.size() > 1) text += ',';
      text += '"' + std::string(schema.children[i]->name) + "\":";
      text += row(*schema.children[i], child, place);
    }
    return text + "}";
  }
};

/// All rows of a stream.
inline std::vector<std::string> rows_of(ArrowArrayStream& stream) {
  owned<ArrowSchema> schema;
  std::vector<std::string> rows;
  if (stream.get_schema(&stream, &schema.it) != 0) return rows;
  while (true) {
    owned<ArrowArray> array;
    if (stream.get_next(&stream, &array.it) != 0 || array.it.release == nullptr) return rows;
    for (std::int64_t i = 0; i < array.it.length; ++i)
      rows.push_back(arrow_reader::row(schema.it, array.it, i));
  }
}

/// Inputs for a stream.
struct texts_to_read {
  const std::vector<std::string>* texts = nullptr;
  std::size_t next_text = 0;
  int error_at_end = 0;

  bool next(tlsrpt::arrow_input& input) noexcept {
    if (next_text == texts->size()) return false;
    input.source.position = static_cast<std::int64_t>(next_text);
    input.octets = std::as_bytes(std::span((*texts)[next_text++]));
    return true;
  }
  int error() const noexcept { return error_at_end; }
};

/// A stream of record batches with the columns content, source, submitter, received and one that
/// is not known, two rows in each, the first of which is cut away by an offset in every second.
class made_stream {
 public:
  explicit made_stream(const std::vector<std::string>& contents, bool with_struct = true)
      : with_struct_(with_struct) {
    for (const std::string& content : contents) data_.push_back("x" + content);
  }

  static inline int released = 0;  ///< Streams, schemas and batches.
  static inline int made = 0;

  void give(ArrowArrayStream& out) {
    ++made;
    out = {};
    out.private_data = this;
    out.get_schema = [](ArrowArrayStream* stream, ArrowSchema* schema) {
      return static_cast<made_stream*>(stream->private_data)->give_schema(*schema);
    };
    out.get_next = [](ArrowArrayStream* stream, ArrowArray* array) {
      return static_cast<made_stream*>(stream->private_data)->give_array(*array);
    };
    out.get_last_error = [](ArrowArrayStream*) -> const char* { return "the disk is on fire"; };
    out.release = [](ArrowArrayStream* stream) {
      ++released;
      stream->release = nullptr;
    };
  }

  int error_at_end = 0, error_of_schema = 0;
  bool lacks_column = false;  ///< Batches lack the last column.
  const char* content_format = "z";
  const char* time_format = "tss:";
  std::int64_t first_time = 1'795'497'129;
  const char* extra_name = "mailbox";

 private:
  int give_schema(ArrowSchema& out) {
    if (error_of_schema != 0) return error_of_schema;
    ++made;
    const char* const names[] = {"content", "source", "submitter", "received", extra_name};
    const char* const formats[] = {content_format, "u", "u", time_format, "i"};
    for (std::size_t i = 0; i < 5; ++i) {
      schemas_[i] = {};
      schemas_[i].format = formats[i];
      schemas_[i].name = names[i];
      schemas_[i].flags = ARROW_FLAG_NULLABLE;
      schemas_[i].release = [](ArrowSchema* s) { s->release = nullptr; };
      schema_pointers_[i] = &schemas_[i];
    }
    // The unknown column has numbers of the words in its dictionary.
    words_schema_ = {};
    words_schema_.format = "u";
    words_schema_.release = [](ArrowSchema* s) { s->release = nullptr; };
    schemas_[4].dictionary = &words_schema_;
    out = {};
    out.format = with_struct_ ? "+s" : content_format;
    out.name = "";
    out.n_children = with_struct_ ? 5 : 0;
    out.children = with_struct_ ? schema_pointers_ : nullptr;
    out.release = [](ArrowSchema* s) {
      ++released;
      s->release = nullptr;
    };
    return 0;
  }

  /// Rows are x and the content; x is cut away.
  int give_array(ArrowArray& out) {
    if (next_ == data_.size()) return error_at_end;
    ++made;
    const std::string& data = data_[next_];
    offsets_[0] = 0;
    offsets_[1] = 1;
    offsets_[2] = static_cast<std::int32_t>(data.size());
    times_[1] = first_time + static_cast<std::int64_t>(next_);
    numbers_[1] = 7 + static_cast<std::int32_t>(next_);
    ++next_;
    const bool is_view = *content_format == 'v', is_large = *content_format == 'Z';
    for (std::size_t i = 0; i < 3; ++i) large_offsets_[i] = offsets_[i];
    view_of(std::string_view(data).substr(1), 1);
    const void* const offsets = is_large ? static_cast<const void*>(large_offsets_) : offsets_;
    const void* const all[5][3] = {{nullptr, is_view ? views_ : offsets, data.data()},
                                   {nullptr, name_offsets_, names_},
                                   {&second_is_null_, name_offsets_, names_},
                                   {nullptr, times_, nullptr},
                                   {nullptr, numbers_, nullptr}};
    std::memcpy(buffers_, all, sizeof all);
    for (std::size_t i = 0; i < 5; ++i) {
      arrays_[i] = {};
      arrays_[i].length = 2;
      arrays_[i].null_count = i == 2 ? 1 : 0;
      arrays_[i].n_buffers = i < 3 ? 3 : 2;
      arrays_[i].buffers = buffers_[i];
      arrays_[i].release = [](ArrowArray* a) { a->release = nullptr; };
      array_pointers_[i] = &arrays_[i];
    }
    words_ = {};
    words_.length = 1;
    words_.n_buffers = 3;
    words_.buffers = buffers_[1];
    words_.release = [](ArrowArray* a) { a->release = nullptr; };
    arrays_[4].dictionary = &words_;
    out = with_struct_ ? ArrowArray{} : arrays_[0];
    out.length = 1;
    out.offset = 1;
    if (with_struct_) {
      out.n_buffers = 1;
      out.buffers = no_buffers_;
      out.n_children = lacks_column ? 4 : 5;
      out.children = array_pointers_;
    }
    out.release = [](ArrowArray* a) {
      ++released;
      a->release = nullptr;
    };
    return 0;
  }

  /// Row 1 of a column of views: a short text itself, or where a longer one is.
  void view_of(std::string_view text, std::int32_t begin) {
    const auto size = static_cast<std::int32_t>(text.size());
    std::byte* const view = views_ + 16;
    std::memcpy(view, &size, 4);
    std::memset(view + 4, 0, 12);
    if (size <= 12)
      std::memcpy(view + 4, text.data(), text.size());
    else
      std::memcpy(view + 12, &begin, 4);
  }

  bool with_struct_;
  std::size_t next_ = 0;
  std::vector<std::string> data_;
  std::int32_t offsets_[3]{}, name_offsets_[3]{0, 1, 5}, numbers_[2]{};
  const char* names_ = "xa.gz";
  std::uint8_t second_is_null_ = 1;
  std::int64_t times_[2]{}, large_offsets_[3]{};
  std::byte views_[32]{};
  const void* buffers_[5][3]{};
  const void* no_buffers_[1]{};
  ArrowArray arrays_[5]{};
  ArrowArray* array_pointers_[5]{};
  ArrowSchema schemas_[5]{};
  ArrowSchema* schema_pointers_[5]{};
  ArrowArray words_{};
  ArrowSchema words_schema_{};
};

}  // namespace support

#endif
