#include "gateway/openai/request_tags.h"

#include "shared/models/tags.h"

#include <yyjson.h>

#include <cstdlib>
#include <memory>

namespace delta::openai {

using namespace Qt::StringLiterals;

namespace {

struct Free {
    void operator()(yyjson_doc *document) const
    {
        ::yyjson_doc_free(document);
    }
    void operator()(yyjson_mut_doc *document) const
    {
        ::yyjson_mut_doc_free(document);
    }
    void operator()(char *text) const
    {
        std::free(text);
    }
};

/// Writes an object anew without its `tags`; "null" where nothing else is in it.
QByteArray withoutTags(yyjson_val *metadata)
{
    if (::yyjson_obj_size(metadata) == 1) {
        return "null"_ba;
    }
    const std::unique_ptr<yyjson_mut_doc, Free> copy(::yyjson_mut_doc_new(nullptr));
    yyjson_mut_val *root = ::yyjson_val_mut_copy(copy.get(), metadata);
    ::yyjson_mut_doc_set_root(copy.get(), root);
    ::yyjson_mut_obj_remove_key(root, "tags");
    std::size_t size = 0;
    const std::unique_ptr<char, Free> text(
        ::yyjson_mut_write(copy.get(), YYJSON_WRITE_NOFLAG, &size));
    return {text.get(), static_cast<qsizetype>(size)};
}

Result<QByteArray> listOf(yyjson_val *tags)
{
    static const QString param = u"metadata.tags"_s;
    QByteArray list;
    std::size_t index = 0;
    std::size_t count = 0;
    yyjson_val *tag = nullptr;
    yyjson_arr_foreach(tags, index, count, tag)
    {
        if (!::yyjson_is_str(tag)) {
            return failure(
                ApiError::invalidRequest(u"'%1' must be a list of strings."_s.arg(param), param));
        }
        const QByteArrayView text(::yyjson_get_str(tag),
                                  static_cast<qsizetype>(::yyjson_get_len(tag)));
        TRY_VOID(addTag(list, text, param));
    }
    return list;
}

} // namespace

Result<RequestTags> RequestTags::read(const QByteArray &body, const JsonMember *metadata)
{
    RequestTags found;
    if (!metadata || metadata->type != JsonType::Object) {
        return found;
    }
    const JsonSpan span = JsonDocument::wholeValue(body, *metadata);
    const QByteArrayView text = span.of(body);
    // Numbers stay as they were written, however long they are.
    const std::unique_ptr<yyjson_doc, Free> document(::yyjson_read(
        text.data(), static_cast<std::size_t>(text.size()), YYJSON_READ_NUMBER_AS_RAW));
    yyjson_val *root = ::yyjson_doc_get_root(document.get());
    yyjson_val *tags = ::yyjson_obj_get(root, "tags");
    if (!::yyjson_is_arr(tags)) {
        return found; // Also where a lone surrogate keeps yyjson from reading it.
    }
    TRY(found.list, listOf(tags));
    found.metadata = span;
    found.without = withoutTags(root);
    return found;
}

} // namespace delta::openai
