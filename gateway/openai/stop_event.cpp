#include "gateway/openai/stop_event.h"

#include <algorithm>
#include <chrono>

namespace delta::openai {

namespace {

/// A client can ask for any number of answers; beyond this the error event that follows says enough.
constexpr qint64 mostEvents = 128;

} // namespace

QByteArray stopEvents(const ModelRequest &request, QByteArrayView id, WallTime now)
{
    const bool isChat = request.operation == Operation::ChatCompletion;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const QByteArray head = R"(data: {"id":)" + jsonString(id)
        + (isChat ? R"(,"object":"chat.completion.chunk","created":)"
                  : R"(,"object":"text_completion","created":)")
        + QByteArray::number(qint64(seconds)) + R"(,"model":)" + jsonString(request.model)
        + R"(,"choices":[{"index":)";
    const QByteArray tail = QByteArray(isChat ? R"(,"delta":{})" : R"(,"text":"")")
        + ",\"logprobs\":null,\"finish_reason\":\"length\"}]}\n\n";
    QByteArray events;
    for (qint64 index = 0; index < std::min(request.shownAnswers(), mostEvents); ++index) {
        events += head + QByteArray::number(index) + tail;
    }
    return events;
}

} // namespace delta::openai
