#include "tests/bench/wire/http_reader.h"

#include <strings.h>

#include <algorithm>
#include <charconv>

namespace delta::bench {

namespace {

constexpr std::string_view lineEnd = "\r\n";
constexpr std::string_view headEnd = "\r\n\r\n";

bool isSameName(std::string_view left, std::string_view right)
{
    return left.size() == right.size()
        && ::strncasecmp(left.data(), right.data(), left.size()) == 0;
}

/// Takes the line off the front of `text`; the last line may lack its end.
std::string_view takeLine(std::string_view &text)
{
    const std::size_t length = std::min(text.find(lineEnd), text.size());
    const std::string_view line = text.substr(0, length);
    text.remove_prefix(std::min(length + lineEnd.size(), text.size()));
    return line;
}

void readField(std::string_view line, HttpHead &head)
{
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = line.substr(0, colon);
    const std::size_t begin = std::min(line.find_first_not_of(": \t", colon), line.size());
    const std::string_view value = line.substr(begin);
    if (isSameName(name, "content-length")) {
        const char *last = value.data() + value.size();
        head.hasLength = std::from_chars(value.data(), last, head.contentLength).ec == std::errc{};
    } else if (isSameName(name, "transfer-encoding")) {
        head.isChunked = isSameName(value, "chunked");
    }
}

HttpHead readHead(std::string_view text)
{
    HttpHead head;
    head.startLine = takeLine(text);
    while (!text.empty()) {
        readField(takeLine(text), head);
    }
    return head;
}

} // namespace

bool HttpReader::feed(std::string_view bytes, Sink &sink)
{
    while (!bytes.empty() && m_state != State::Broken) {
        switch (m_state) {
        case State::Head:
            bytes = feedHead(bytes, sink);
            break;
        case State::Body:
        case State::ChunkData:
            bytes = feedBody(bytes, sink);
            break;
        default:
            bytes = feedLine(bytes, sink);
        }
    }
    return m_state != State::Broken;
}

std::string_view HttpReader::feedHead(std::string_view bytes, Sink &sink)
{
    // Almost always the whole head is in one read; then nothing is copied.
    if (m_partial.empty()) {
        const std::size_t end = bytes.find(headEnd);
        if (end != std::string_view::npos) {
            beginBody(readHead(bytes.substr(0, end)), sink);
            return bytes.substr(end + headEnd.size());
        }
    }
    const std::size_t before = m_partial.size();
    m_partial.append(bytes);
    const std::size_t end = m_partial.find(headEnd);
    if (end == std::string::npos) {
        return {};
    }
    const std::string text = std::move(m_partial);
    m_partial.clear();
    beginBody(readHead(std::string_view(text).substr(0, end)), sink);
    return bytes.substr(end + headEnd.size() - before);
}

void HttpReader::beginBody(const HttpHead &head, Sink &sink)
{
    m_left = head.isChunked ? 0 : head.contentLength;
    m_state = head.isChunked ? State::ChunkSize : State::Body;
    sink.onHead(head);
    if (m_state == State::Body && m_left == 0) {
        end(sink);
    }
}

std::string_view HttpReader::feedBody(std::string_view bytes, Sink &sink)
{
    const std::size_t size = std::min<std::uint64_t>(m_left, bytes.size());
    m_left -= size;
    sink.onBody(bytes.substr(0, size));
    if (m_left == 0 && m_state == State::ChunkData) {
        m_state = State::ChunkEnd;
    } else if (m_left == 0) {
        end(sink);
    }
    return bytes.substr(size);
}

std::string_view HttpReader::feedLine(std::string_view bytes, Sink &sink)
{
    const std::size_t newline = bytes.find('\n');
    if (newline == std::string_view::npos) {
        m_partial.append(bytes);
        return {};
    }
    m_partial.append(bytes.substr(0, newline));
    if (m_partial.ends_with('\r')) {
        m_partial.pop_back();
    }
    onLine(m_partial, sink);
    m_partial.clear();
    return bytes.substr(newline + 1);
}

void HttpReader::onLine(std::string_view line, Sink &sink)
{
    if (m_state == State::ChunkEnd) {
        m_state = line.empty() ? State::ChunkSize : State::Broken;
        return;
    }
    if (m_state == State::Trailers) {
        if (line.empty()) {
            end(sink);
        }
        return;
    }
    const auto [last, error] = std::from_chars(line.data(), line.data() + line.size(), m_left, 16);
    if (error != std::errc{}) {
        m_state = State::Broken;
    } else {
        m_state = m_left > 0 ? State::ChunkData : State::Trailers;
    }
}

void HttpReader::end(Sink &sink)
{
    m_state = State::Head;
    sink.onMessageEnd();
}

} // namespace delta::bench
