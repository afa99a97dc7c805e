#include "gateway/providers/echo_limits.h"

#include "gateway/providers/echo_embedding.h"

#include <limits>

namespace delta::providers {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mostChoices = 128;
constexpr qint64 mostBytes = 16 * 1024 * 1024;
constexpr qint64 mostNumbers = 256 * 1024;

/// Multiplies numbers that are not negative; what is too large becomes the highest number.
qint64 product(qint64 a, qint64 b)
{
    qint64 result = 0;
    return __builtin_mul_overflow(a, b, &result) ? std::numeric_limits<qint64>::max() : result;
}

Result<void> atMost(qint64 limit, qint64 wanted, const QString &what, const QString &field)
{
    if (wanted <= limit) {
        return {};
    }
    return failure(ApiError::invalidRequest(
        u"'%1' asks the demo model for %2 %3; it gives at most %4."_s.arg(field)
            .arg(wanted)
            .arg(what)
            .arg(limit),
        field));
}

} // namespace

Result<void> checkEchoLimits(const openai::ModelRequest &request, const PromptText &prompt)
{
    const auto inputs = static_cast<qint64>(prompt.inputs.size());
    if (request.operation == openai::Operation::Embedding) {
        return atMost(mostNumbers, product(inputs, embeddingDimensions(prompt)), u"numbers"_s,
                      prompt.dimensions > 0 ? u"dimensions"_s : u"input"_s);
    }
    qint64 bytes = 0;
    for (const QByteArray &input : prompt.inputs) {
        bytes += input.size();
    }
    const QString field = request.choices > 1                ? u"n"_s
        : request.operation == openai::Operation::Completion ? u"prompt"_s
                                                             : u"messages"_s;
    TRY_VOID(atMost(mostChoices, product(inputs, request.choices), u"choices"_s, field));
    return atMost(mostBytes, product(bytes, request.choices), u"bytes"_s, field);
}

} // namespace delta::providers
