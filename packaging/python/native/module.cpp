/// @file
/// The module tlsrpt._native: arguments and results of its functions. Stable ABI of Python 3.11.

#include <cerrno>
#include <new>
#include <string_view>

#include <tlsrpt/record.hpp>

#include "streams.hpp"

namespace tlsrpt_python {

namespace {

struct drop_reference {
  void operator()(PyObject* object) const noexcept { Py_DECREF(object); }
};
using owned_object = std::unique_ptr<PyObject, drop_reference>;

// ---- options

struct named_limit {
  std::string_view name;
  std::size_t tlsrpt::limits::*size = nullptr;
  std::uint32_t tlsrpt::limits::*count = nullptr;
};
constexpr named_limit named_limits[] = {
    {"max_gzip_bytes", &tlsrpt::limits::max_gzip_bytes},
    {"max_text_bytes", &tlsrpt::limits::max_text_bytes},
    {"max_gzip_members", &tlsrpt::limits::max_gzip_members},
    {"max_zip_entries", &tlsrpt::limits::max_zip_entries},
    {"max_expansion", &tlsrpt::limits::max_expansion},
    {"expansion_free_bytes", &tlsrpt::limits::expansion_free_bytes},
    {"max_policies", nullptr, &tlsrpt::limits::max_policies},
    {"max_failure_details", nullptr, &tlsrpt::limits::max_failure_details},
    {"max_policy_strings", nullptr, &tlsrpt::limits::max_policy_strings},
    {"max_depth", nullptr, &tlsrpt::limits::max_depth},
};

bool set_limit(tlsrpt::limits& limits, std::string_view name, PyObject* number) {
  const auto* const limit =
      std::find_if(std::begin(named_limits), std::end(named_limits),
                   [name](const named_limit& each) { return each.name == name; });
  if (limit == std::end(named_limits)) {
    PyErr_Format(PyExc_ValueError, "there is no limit %.100s", name.data());
    return false;
  }
  // Offsets of columns have 32 bits.
  constexpr long long largest = 1 << 30;
  const long long value = PyLong_AsLongLong(number);
  if (PyErr_Occurred() != nullptr) return false;
  if (value < 0 || value > largest) {
    PyErr_Format(PyExc_ValueError, "%.100s is from 0 to 2^30", name.data());
    return false;
  }
  if (limit->size != nullptr)
    limits.*limit->size = static_cast<std::size_t>(value);
  else
    limits.*limit->count = static_cast<std::uint32_t>(value);
  return true;
}

bool set_limits(tlsrpt::limits& limits, PyObject* by_name) {
  PyObject *name = nullptr, *number = nullptr;
  for (Py_ssize_t place = 0; PyDict_Next(by_name, &place, &name, &number) != 0;) {
    const char* const text = PyUnicode_AsUTF8AndSize(name, nullptr);
    if (text == nullptr || !set_limit(limits, text, number)) return false;
  }
  return true;
}

/// Calls `change(code)` for the codes that a list names.
template <class Change>
bool for_each_code(PyObject* list, const Change& change) {
  for (Py_ssize_t i = 0; i < PyList_Size(list); ++i) {
    const char* const text = PyUnicode_AsUTF8AndSize(PyList_GetItem(list, i), nullptr);
    if (text == nullptr) return false;
    bool is_known = false;
    for (tlsrpt::errc code : tlsrpt::all_codes())
      if (tlsrpt::name(code) == text) {
        change(code);
        is_known = true;
      }
    if (!is_known) {
      PyErr_Format(PyExc_ValueError, "there is no code %.100s", text);
      return false;
    }
  }
  return true;
}

// ---- records

owned_object text_of(std::string_view text) {
  return owned_object(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace"));
}

/// {first: a, second: b}, in a list.
bool add_pair(PyObject* list, const char* first, std::string_view a, const char* second,
              std::string_view b) {
  const owned_object pair(PyDict_New()), x = text_of(a), y = text_of(b);
  return pair != nullptr && x != nullptr && y != nullptr &&
         PyDict_SetItemString(pair.get(), first, x.get()) == 0 &&
         PyDict_SetItemString(pair.get(), second, y.get()) == 0 &&
         PyList_Append(list, pair.get()) == 0;
}

PyObject* record_as_dict(std::string_view text, const options& how) {
  tlsrpt::diagnostic_list<64> found;
  const auto record = tlsrpt::parse_record(text, found, how.rules);
  const owned_object endpoints(PyList_New(0)), extensions(PyList_New(0)), findings(PyList_New(0));
  if (endpoints == nullptr || extensions == nullptr || findings == nullptr) return nullptr;
  if (record) {
    for (const tlsrpt::rua_view endpoint : record->endpoints())
      if (!add_pair(endpoints.get(), "uri", endpoint.uri, "scheme", name(endpoint.scheme)))
        return nullptr;
    for (const tlsrpt::extension_view extension : record->extensions())
      if (!add_pair(extensions.get(), "name", extension.name, "value", extension.value))
        return nullptr;
  }
  for (const tlsrpt::diagnostic& each : found) {
    const owned_object finding(Py_BuildValue("{s:s,s:s,s:n}", "code", name(each.code).data(),
                                             "grade", name(grade_of(each.code)).data(), "offset",
                                             static_cast<Py_ssize_t>(each.where.offset)));
    if (finding == nullptr || PyList_Append(findings.get(), finding.get()) != 0) return nullptr;
  }
  const tlsrpt::errc error = record ? tlsrpt::errc::ok : record.error().code;
  const tlsrpt::errc hint = record ? tlsrpt::errc::ok : record.error().hint;
  const auto name_or_none = [](tlsrpt::errc code) {
    return code == tlsrpt::errc::ok ? nullptr : name(code).data();
  };
  return Py_BuildValue("{s:z,s:z,s:O,s:O,s:O}", "error", name_or_none(error), "hint",
                       name_or_none(hint), "endpoints", endpoints.get(), "extensions",
                       extensions.get(), "diagnostics", findings.get());
}

// ---- what is in a file

/// Octets, the code of the error or None, the domain of the envelope or None.
owned_object tuple_of(const tlsrpt::arrow_input& input) {
  const auto* const octets = reinterpret_cast<const char*>(input.octets.data());
  const owned_object content(
      PyBytes_FromStringAndSize(octets, static_cast<Py_ssize_t>(input.octets.size())));
  const char* const refused = !input.unreadable.empty() ? "cannot-read"
                              : input.refused.code != tlsrpt::errc::ok
                                  ? name(input.refused.code).data()
                                  : nullptr;
  const std::string_view domain = input.source.report_domain;
  const owned_object about = domain.empty() ? owned_object(Py_NewRef(Py_None)) : text_of(domain);
  if (content == nullptr || about == nullptr) return nullptr;
  return owned_object(Py_BuildValue("(OzO)", content.get(), refused, about.get()));
}

PyObject* list_of(any_inputs& inputs) {
  owned_object list(PyList_New(0));
  while (list != nullptr) {
    tlsrpt::arrow_input input;
    if (!inputs.next(input)) break;
    const owned_object tuple = tuple_of(input);
    if (tuple == nullptr || PyList_Append(list.get(), tuple.get()) != 0) return nullptr;
  }
  return list.release();
}

// ---- arrays and streams of others

/// A stream of one array.
struct one_array {
  ArrowSchema schema{};
  ArrowArray array{};

  one_array() = default;
  one_array(const one_array&) = delete;
  one_array& operator=(const one_array&) = delete;
  ~one_array() {
    if (schema.release != nullptr) schema.release(&schema);
    if (array.release != nullptr) array.release(&array);
  }
};

bool make_stream_of_one(ArrowSchema& schema, ArrowArray& array, ArrowArrayStream& out) {
  auto* const one = new (std::nothrow) one_array;
  if (one == nullptr) return false;
  one->schema = std::exchange(schema, {});
  one->array = std::exchange(array, {});
  out.private_data = one;
  // Asked for once each, by the only consumer.
  out.get_schema = [](ArrowArrayStream* stream, ArrowSchema* taken) {
    *taken = std::exchange(static_cast<one_array*>(stream->private_data)->schema, {});
    return 0;
  };
  out.get_next = [](ArrowArrayStream* stream, ArrowArray* taken) {
    *taken = std::exchange(static_cast<one_array*>(stream->private_data)->array, {});
    return 0;
  };
  out.get_last_error = [](ArrowArrayStream*) -> const char* { return nullptr; };
  out.release = [](ArrowArrayStream* stream) {
    delete static_cast<one_array*>(stream->private_data);
    stream->release = nullptr;
  };
  return true;
}

/// What a capsule holds, if it is still there.
template <class T>
T* held_by(PyObject* capsule, const char* name) {
  auto* const held = static_cast<T*>(PyCapsule_GetPointer(capsule, name));
  if (held != nullptr && held->release != nullptr) return held;
  if (held != nullptr) PyErr_SetString(PyExc_ValueError, "this was taken already");
  return nullptr;
}

PyObject* stream_of(ArrowArrayStream& in, const options& how) {
  PyObject* const capsule = stream_of_column(in, how);
  if (in.release != nullptr) in.release(&in);
  return capsule;
}

// ---- the functions

/// Calls `f`, which may run out of memory.
template <class F>
PyObject* guarded(const F& f) {
  try {
    return f();
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  }
}

/// Calls `f(first, options)` with the two arguments of a function.
template <class F>
PyObject* with_options(PyObject* arguments, const F& f) {
  return guarded([&]() -> PyObject* {
    PyObject *first = nullptr, *tuple = nullptr;
    if (PyArg_ParseTuple(arguments, "OO!", &first, &PyTuple_Type, &tuple) == 0) return nullptr;
    const auto how = read_options(tuple);
    return how ? f(first, *how) : nullptr;
  });
}

PyObject* parse_stream(PyObject*, PyObject* arguments) {
  return with_options(arguments, [](PyObject* capsule, const options& how) -> PyObject* {
    auto* const in = held_by<ArrowArrayStream>(capsule, "arrow_array_stream");
    if (in == nullptr) return nullptr;
    ArrowArrayStream moved = *in;
    in->release = nullptr;
    return stream_of(moved, how);
  });
}

PyObject* parse_array(PyObject*, PyObject* arguments) {
  return guarded([&]() -> PyObject* {
    PyObject *schema_capsule = nullptr, *array_capsule = nullptr, *tuple = nullptr;
    if (PyArg_ParseTuple(arguments, "OOO!", &schema_capsule, &array_capsule, &PyTuple_Type,
                         &tuple) == 0)
      return nullptr;
    const auto how = read_options(tuple);
    if (!how) return nullptr;
    auto* const schema = held_by<ArrowSchema>(schema_capsule, "arrow_schema");
    auto* const array =
        schema == nullptr ? nullptr : held_by<ArrowArray>(array_capsule, "arrow_array");
    ArrowArrayStream in{};
    if (array == nullptr) return nullptr;
    if (!make_stream_of_one(*schema, *array, in)) return PyErr_NoMemory();
    return stream_of(in, *how);
  });
}

PyObject* parse_bytes(PyObject*, PyObject* arguments) {
  return with_options(arguments, stream_of_list);
}

PyObject* read_files(PyObject*, PyObject* arguments) {
  return with_options(arguments, [](PyObject* list, const options& how) {
    auto paths = read_list(list);
    return paths ? stream_of_files(std::move(*paths), how) : nullptr;
  });
}

PyObject* read_mails(PyObject*, PyObject* arguments) {
  return with_options(arguments, [](PyObject* list, const options& how) {
    auto paths = read_list(list);
    return paths ? stream_of_mails(std::move(*paths), how) : nullptr;
  });
}

PyObject* read_tar(PyObject*, PyObject* arguments) {
  return with_options(arguments, [](PyObject* path, const options& how) {
    const char* const text = PyBytes_AsString(path);
    return text == nullptr ? nullptr : stream_of_tar(text, how);
  });
}

PyObject* contents(PyObject*, PyObject* arguments) {
  return with_options(arguments, [](PyObject* path, const options& how) -> PyObject* {
    const char* const text = PyBytes_AsString(path);
    return text == nullptr ? nullptr : list_of(*inputs_of_file(text, how));
  });
}

PyObject* parse_record(PyObject*, PyObject* arguments) {
  return with_options(arguments, [](PyObject* bytes, const options& how) -> PyObject* {
    char* text = nullptr;
    Py_ssize_t size = 0;
    if (PyBytes_AsStringAndSize(bytes, &text, &size) != 0) return nullptr;
    return record_as_dict({text, static_cast<std::size_t>(size)}, how);
  });
}

PyObject* schema_of(PyObject*, PyObject* capsule) {
  auto* const stream = held_by<ArrowArrayStream>(capsule, "arrow_array_stream");
  if (stream == nullptr) return nullptr;
  ArrowSchema schema{};
  const int error = stream->get_schema(stream, &schema);
  if (error == ENOMEM) return PyErr_NoMemory();
  if (error == 0) return capsule_of(schema);
  const char* const text = stream->get_last_error(stream);
  PyErr_SetString(error == EINVAL ? PyExc_ValueError : PyExc_OSError,
                  text == nullptr ? "the input failed" : text);
  return nullptr;
}

PyMethodDef functions[] = {{"parse_stream", parse_stream, METH_VARARGS, nullptr},
                           {"parse_array", parse_array, METH_VARARGS, nullptr},
                           {"parse_bytes", parse_bytes, METH_VARARGS, nullptr},
                           {"read_files", read_files, METH_VARARGS, nullptr},
                           {"read_mails", read_mails, METH_VARARGS, nullptr},
                           {"read_tar", read_tar, METH_VARARGS, nullptr},
                           {"contents", contents, METH_VARARGS, nullptr},
                           {"parse_record", parse_record, METH_VARARGS, nullptr},
                           {"schema_of", schema_of, METH_O, nullptr},
                           {nullptr, nullptr, 0, nullptr}};
PyModuleDef definition = {PyModuleDef_HEAD_INIT,
                          "tlsrpt._native",
                          nullptr,
                          0,
                          functions,
                          nullptr,
                          nullptr,
                          nullptr,
                          nullptr};

}  // namespace

std::optional<options> read_options(PyObject* tuple) {
  int is_strict = 0, with_ledger = 0;
  PyObject *accepted = nullptr, *refused = nullptr, *limits = nullptr;
  Py_ssize_t rows = 0, octets = 0;
  if (PyArg_ParseTuple(tuple, "pO!O!O!pnn", &is_strict, &PyList_Type, &accepted, &PyList_Type,
                       &refused, &PyDict_Type, &limits, &with_ledger, &rows, &octets) == 0)
    return {};
  options how;
  if (is_strict != 0) how.rules = tlsrpt::rules(tlsrpt::strict{});
  how.columns = {.with_ledger = with_ledger != 0,
                 .octets = static_cast<std::size_t>(octets),
                 .rows = static_cast<std::size_t>(rows)};
  const bool is_read =
      for_each_code(accepted, [&how](tlsrpt::errc code) { how.rules = how.rules.with(code); }) &&
      for_each_code(refused, [&how](tlsrpt::errc code) { how.rules = how.rules.without(code); }) &&
      set_limits(how.limits, limits);
  return is_read ? std::optional(how) : std::nullopt;
}

std::optional<std::vector<std::string>> read_list(PyObject* list) {
  std::vector<std::string> texts;
  for (Py_ssize_t i = 0; i < PyList_Size(list); ++i) {
    char* text = nullptr;
    Py_ssize_t size = 0;
    if (PyBytes_AsStringAndSize(PyList_GetItem(list, i), &text, &size) != 0) return {};
    texts.emplace_back(text, static_cast<std::size_t>(size));
  }
  return texts;
}

}  // namespace tlsrpt_python

PyMODINIT_FUNC PyInit__native() { return PyModuleDef_Init(&tlsrpt_python::definition); }
