/// @file
/// Reports (RFC 8460) as columns by the Arrow C Data Interface, which pyarrow, DuckDB and other
/// engines read as they are. Needs nothing of Apache Arrow, and not simdjson: give it a
/// report_parser.
///
/// A batch has one row for each input, whether it could be used or not: `error` is null or says why
/// not. A report is in one row, its policies and failure details are lists of structs in it.
/// docs/columns.md lists the columns. Texts of senders are untrusted here as elsewhere.
///
/// What is given away is released by whoever has it, once, on any thread; parts of it may be moved
/// away first. Memory comes from malloc. Without memory a call says so and nothing is lost but the
/// rows of the batch. Nothing throws, callbacks neither.

#ifndef TLSRPT_HPP_ARROW
#define TLSRPT_HPP_ARROW

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/arrow/abi.hpp>
#include <tlsrpt/detail/arrow/row_writer.hpp>
#include <tlsrpt/detail/arrow/tree.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/model.hpp>

namespace tlsrpt {

/// What is known of an input besides its octets.
struct arrow_source {
  std::string_view name{};    ///< `source`: a path or the like; null without data().
  std::int64_t position = 0;  ///< `position`: the row, or the octet in a container.
  /// `submitter`: the domain of an accepted DKIM signature; null without data(). Never of the
  /// report itself: whoever is named here vouches for the report.
  std::string_view submitter{};
  std::optional<std::int64_t> received{};  ///< `received`: microseconds since 1970.
  /// `report_domain`: what the envelope says the report is about, as by infer_policy_domain(); null
  /// without data(), and where it is no host name.
  std::string_view report_domain{};
};

/// What batches have.
struct arrow_options {
  /// Whether there are the columns that a ledger derives: `digest`, `day`, `days`, `about`,
  /// `contact`, `reporter`, `trust`, of policies and failures `policy_id`, `node` and `reason`, and
  /// its rows, `totals` and `failures`. With them a row takes about three times as long.
  bool with_ledger = false;
  /// A batch is full with so many octets. Offsets have 32 bits, so neither this nor a report may
  /// come near 2 GiB.
  std::size_t octets = std::size_t{32} << 20;
  std::size_t rows = 10'000;  ///< A batch is full with so many rows.
};

/// Makes the schema of batches. False when there is no memory.
bool make_arrow_schema(ArrowSchema& out, const arrow_options& options = {}) noexcept;

/// Collects rows. Not movable; one thread at a time.
class arrow_batch {
 public:
  /// An empty batch, which has no memory yet.
  explicit arrow_batch(const arrow_options& options = {}) noexcept
      : options_(options), writer_(options.with_ledger) {}
  arrow_batch(const arrow_batch&) = delete;
  arrow_batch& operator=(const arrow_batch&) = delete;

  /// Appends the row of a report. All views are copied. `left_out` counts findings besides those
  /// given. False when there is no memory; then finish() has none either. Linear.
  bool append(const arrow_source& source, const report_view& report,
              std::span<const diagnostic> findings = {}, std::size_t left_out = 0) noexcept;
  /// The same for an input that is no report: `error` is the error of the parser.
  bool append(const arrow_source& source, const diagnostic& error,
              std::span<const diagnostic> findings = {}, std::size_t left_out = 0) noexcept;
  /// The same for an input that could not be got: `error` is "cannot-read", `error_hint` says why.
  bool append_unreadable(const arrow_source& source, std::string_view why) noexcept;

  /// Rows so far.
  std::size_t rows() const noexcept { return rows_; }
  /// Whether finish() is due.
  bool is_full() const noexcept { return rows_ >= options_.rows || octets_ >= options_.octets; }
  /// Gives a copy of the rows away, in one piece of memory, and begins anew in its own. False when
  /// there is no memory, or was none for a row; the rows are gone then, and `out` is released.
  /// Linear in octets.
  bool finish(ArrowArray& out) noexcept;

 private:
  void begin(const arrow_source& source) noexcept;
  bool end(std::span<const diagnostic> findings, std::size_t left_out) noexcept;

  arrow_options options_;
  detail::row_writer writer_;
  detail::column_set columns_;
  std::size_t rows_ = 0, octets_ = 0;
  bool has_failed_ = false;
};

/// One input of a stream.
struct arrow_input {
  std::span<const std::byte> octets{};  ///< A report, JSON or gzip, or anything.
  arrow_source source{};                ///< Where it comes from.
  std::string_view unreadable{};        ///< Not empty when the octets could not be got: why.
  diagnostic refused{};                 ///< Its code is not errc::ok when they are not looked at.
};

/// Where a stream takes its inputs from. `next(input)` sets the next one, whose views live until
/// the next call; false at the end. Then error() is 0, or the errno that ended it early.
template <class I>
concept arrow_inputs = std::is_nothrow_move_constructible_v<I> &&
    std::is_nothrow_destructible_v<I> && requires(I& inputs, arrow_input& input) {
  { inputs.next(input) }
  noexcept->std::same_as<bool>;
  { inputs.error() }
  noexcept->std::same_as<int>;
};

/// Makes a stream of batches of all inputs, read by `parser`, a report_parser. The stream owns
/// both. Errors of its calls are errno values. False when there is no memory.
template <class Parser, arrow_inputs Inputs>
bool make_arrow_stream(Parser parser, Inputs inputs, ArrowArrayStream& out,
                       const arrow_options& options = {}) noexcept;

/// Makes a stream of batches of the reports in a column of another stream, which it takes over: the
/// column `content` of record batches, or arrays that are themselves such a column. It has octets
/// or texts, plain, large or as views; nulls count as empty inputs. Of the other columns `source`,
/// `submitter`, `received` and `report_domain` are read, and all others are taken along without a
/// copy.
///
/// Each batch is about rows of one batch of the input, whose memory lives as long as the batches.
/// EINVAL for an input that lacks `content`, has these columns with other types, or another column
/// with a name that batches have already; get_last_error() says which. False when there is no
/// memory; then `in` is as it was.
template <class Parser>
bool parse_arrow_stream(Parser parser, ArrowArrayStream& in, ArrowArrayStream& out,
                        const arrow_options& options = {}) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/arrow.hpp>

#endif
