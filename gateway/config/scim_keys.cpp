#include "gateway/config/scim_keys.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// Whoever has one makes and stops users, and guesses cost no more than requests do.
constexpr qsizetype shortest = 32;
constexpr std::size_t most = 2;

void readToken(const Value &value, const Limits &limits, ConfigDraft &draft)
{
    Secret token;
    const auto errors = value.reading().errors.size();
    read(value, limits, token);
    if (value.reading().errors.size() != errors || (token.isEmpty() && value.isReferenced())) {
        return; // Some commands do without secrets that are kept elsewhere.
    }
    if (token.reveal().size() < shortest) {
        value.fail(u"must have %1 characters at least"_s.arg(shortest));
        return;
    }
    draft.config.scimTokens.push_back(std::move(token));
}

} // namespace

void readScimTokens(const Value &value, const Limits &limits, ConfigDraft &draft)
{
    if (value.node().kind != YamlNode::Kind::List) {
        readToken(value, limits, draft);
        return;
    }
    if (value.node().items.size() > most) {
        value.fail(u"must have %1 tokens at most: the one in use, and the next"_s.arg(most));
        return;
    }
    for (std::size_t i = 0; i < value.node().items.size(); ++i) {
        readToken(value.at(i), limits, draft);
    }
}

} // namespace delta::config
