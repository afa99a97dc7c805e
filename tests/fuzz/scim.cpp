// Filters, paths and patches of a directory: no text makes the parser crash, go deep or take long, what is refused says
// where it is wrong, and a patch is applied as a whole or not at all.
#include "gateway/admin/scim/scim_filter.h"
#include "gateway/admin/scim/scim_patch.h"
#include "gateway/admin/scim/scim_schema.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/gateway/admin/scim/scim_samples.h"

#include <array>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::admin::scim;
using delta::fuzz::Input;
using delta::fuzz::require;

namespace {

const QJsonObject &group()
{
    static const QJsonObject made = test::json(R"({"id": "group-1", "displayName": "Guides",
        "members": [{"value": "user-1", "type": "User"}, {"value": "user-2", "type": "User"}]})");
    return made;
}

const QJsonObject &user()
{
    static const QJsonObject made = test::barbara();
    return made;
}

/// What a filter costs, by its own count.
struct Size {
    int comparisons = 0;
    int depth = 0;
};

Size sizeOf(const Filter &filter)
{
    Size size{filter.parts.empty() ? 1 : 0, 0};
    for (const Filter &part : filter.parts) {
        const Size inner = sizeOf(part);
        size.comparisons += inner.comparisons;
        size.depth = std::max(size.depth, inner.depth + 1);
    }
    return size;
}

void checkError(const ApiError &error, const QString &code)
{
    require(error.code == code && !error.message.isEmpty(), "it is said what is wrong");
    require(error.message.size() < 1'000, "what is wrong is said in a few words");
}

void checkFilter(const Filter &filter, const QJsonObject &resource)
{
    // Each comparison is in at most `deepestFilter` parentheses, with an `and`, an `or` and a `not` for each of them, and
    // in one list.
    const Size size = sizeOf(filter);
    require(size.comparisons <= mostComparisons + 1, "there are not too many comparisons");
    require(size.depth <= mostComparisons + 4 * (deepestFilter + 2), "it is not too deep");
    const bool holds = matches(filter, resource);
    require(holds == matches(filter, resource), "it holds or it does not");
    const std::array attributes{"id"_L1, "userName"_L1, "externalId"_L1, "displayName"_L1};
    if (const auto lookups = lookupsOf(filter, attributes)) {
        for (const Lookup &lookup : *lookups) {
            require(lookup.attribute != nullptr, "what is looked up is an attribute");
        }
    }
}

void checkFilterText(const ResourceType &type, const QByteArray &text, const QJsonObject &resource)
{
    if (const auto filter = parseFilter(type, QString::fromUtf8(text))) {
        checkFilter(*filter, resource);
    } else {
        checkError(filter.error(), u"invalidFilter"_s);
    }
}

void checkPathText(const ResourceType &type, const QByteArray &text)
{
    if (const auto path = parsePath(type, QString::fromUtf8(text))) {
        require(path->target.attribute || path->target.extension, "a path leads somewhere");
        require(!path->filter || path->target.attribute->isMulti, "only a list is filtered");
    } else {
        checkError(path.error(), u"invalidPath"_s);
    }
}

void checkPatch(const ResourceType &type, const QJsonObject &resource, const QByteArray &text)
{
    const auto patched = applyPatch(type, resource, test::json(text));
    if (!patched) {
        // No code means invalidValue, see scim_error.cpp.
        require(patched.error().kind == ErrorKind::InvalidRequest
                    && !patched.error().message.isEmpty(),
                "it is said what is wrong");
        return;
    }
    require((*patched)["id"_L1] == resource["id"_L1], "nobody changes who somebody is", text);
    require((*patched)["meta"_L1] == resource["meta"_L1], "nobody changes what is ours", text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::keepQuiet();
    const Input input(data, size);
    switch (input.purpose) {
    case 'f':
        checkFilterText(userType(), input.text, user());
        break;
    case 'g':
        checkFilterText(groupType(), input.text, group());
        break;
    case 'p':
        checkPathText(userType(), input.text);
        checkPathText(groupType(), input.text);
        break;
    case 'u':
        checkPatch(userType(), user(), input.text);
        break;
    case 'm':
        checkPatch(groupType(), group(), input.text);
        break;
    default:
        break;
    }
    return 0;
}
