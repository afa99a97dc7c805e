#pragma once

#include "gateway/openai/json_document.h"

#include <simdjson.h>

#include <array>
#include <string_view>
#include <vector>

namespace delta::openai {

/// Visits every value of a document once, to check what the parser itself does not check lazily.
/// One use each.
class JsonWalk
{
public:
    JsonWalk(const QByteArray &body, const char *base);

    /// Walks the outermost object and lists its members.
    [[nodiscard]] Result<std::vector<JsonMember>> run(simdjson::ondemand::document &document);

private:
    using Value = simdjson::ondemand::value;

    /// One step of the path to the value in hand: a name, or an index when the name is null.
    struct Step {
        std::string_view key;
        qsizetype index = -1;
    };

    [[nodiscard]] Result<void> member(simdjson::ondemand::field &field, JsonMember &out);
    [[nodiscard]] Result<void> value(Value value, int depth, JsonMember &top);
    [[nodiscard]] Result<void> object(Value value, int depth, JsonMember &top);
    [[nodiscard]] Result<void> array(Value value, int depth, JsonMember &top);
    [[nodiscard]] Result<void> string(Value value, JsonMember &top);
    void countText(std::string_view text, JsonMember &top) const;
    [[nodiscard]] Result<void> scalar(std::string_view token);
    [[nodiscard]] Result<void> checkUnique(std::vector<std::string_view> &keys, qsizetype offset);

    [[nodiscard]] std::unexpected<ApiError> syntaxError(simdjson::error_code code) const;
    [[nodiscard]] std::unexpected<ApiError> error(const QString &what, qsizetype offset) const;
    [[nodiscard]] QString path() const;
    [[nodiscard]] qsizetype offsetOf(const char *position) const;

    const QByteArray &m_body;
    const char *m_base;
    std::array<Step, JsonDocument::maxDepth + 1> m_path{};
    int m_pathLength = 0;
};

/// Says where and why the text is no JSON: the error that a client can act on.
[[nodiscard]] ApiError jsonSyntaxError(const QByteArray &body, QLatin1StringView fallback);

} // namespace delta::openai
