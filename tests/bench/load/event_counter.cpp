#include "tests/bench/load/event_counter.h"

#include <charconv>

namespace delta::bench {

namespace {

constexpr std::string_view eventEnd = "\n\n";
constexpr std::string_view contentField = R"("content":")";
constexpr std::size_t stampDigits = 19;

} // namespace

void EventCounter::begin(std::int64_t dueNs)
{
    *this = EventCounter();
    m_dueNs = dueNs;
}

void EventCounter::feed(std::string_view bytes, std::int64_t now, Recorder &recorder)
{
    const int before = m_contentEvents;
    // An event is usually whole in one read; only what is cut off by the read is kept.
    std::string joined;
    if (!m_partial.empty()) {
        joined = std::move(m_partial);
        joined += bytes;
        bytes = joined;
    }
    std::size_t end = bytes.find(eventEnd);
    while (end != std::string_view::npos) {
        onEvent(bytes.substr(0, end), now, recorder);
        bytes.remove_prefix(end + eventEnd.size());
        end = bytes.find(eventEnd);
    }
    m_partial = bytes;
    if (m_contentEvents > before) {
        ++recorder.eventReads;
    }
}

void EventCounter::onEvent(std::string_view event, std::int64_t now, Recorder &recorder)
{
    if (event == "data: [DONE]") {
        m_isDone = true;
        return;
    }
    const std::size_t field = event.find(contentField);
    if (field == std::string_view::npos) {
        return;
    }
    const std::string_view stamp = event.substr(field + contentField.size(), stampDigits);
    std::int64_t writtenNs = 0;
    std::from_chars(stamp.data(), stamp.data() + stamp.size(), writtenNs);
    recorder.delivery.add(now - writtenNs);
    if (m_contentEvents == 0) {
        recorder.firstEvent.add(now - m_dueNs);
    } else {
        recorder.gap.add(now - m_lastEventNs);
    }
    m_lastEventNs = now;
    ++m_contentEvents;
    ++recorder.events;
}

} // namespace delta::bench
