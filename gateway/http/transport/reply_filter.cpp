#include "gateway/http/transport/reply_filter.h"

#include "gateway/http/transport/output_queue.h"

#include <algorithm>

namespace delta::http {

namespace {

constexpr QByteArrayView chunkedLine = "transfer-encoding: chunked";
constexpr QByteArrayView lengthName = "content-length:";
constexpr qsizetype statusOffset = 9; // Of the digits in "HTTP/1.1 200".

bool isBodiless(QByteArrayView status)
{
    return status.startsWith('1') || status == "204" || status == "304";
}

bool startsWith(QByteArrayView line, QByteArrayView lower)
{
    return line.size() >= lower.size()
        && line.first(lower.size()).compare(lower, Qt::CaseInsensitive) == 0;
}

enum class Length {
    Keep,
    Drop,
};

/// Passes on the lines but those that frame a body. Returns whether the body is chunked.
bool passLines(QByteArrayView lines, Length length, OutputQueue &output)
{
    bool isChunked = false;
    while (!lines.isEmpty()) {
        const QByteArrayView line = lines.first(lines.indexOf('\n') + 1);
        lines = lines.sliced(line.size());
        if (startsWith(line, chunkedLine)) {
            isChunked = true;
        } else if (length == Length::Keep || !startsWith(line, lengthName)) {
            output.append(line);
        }
    }
    return isChunked;
}

} // namespace

void ReplyFilter::reset()
{
    m_partialHead.clear();
    m_stage = Stage::Head;
}

void ReplyFilter::writeHead(QByteArrayView bytes, const ReplyTerms &terms, OutputQueue &output)
{
    constexpr QByteArrayView emptyLine = "\r\n\r\n";
    if (!m_partialHead.isEmpty()) {
        m_partialHead.append(bytes);
        bytes = m_partialHead;
    }
    const qsizetype end = bytes.indexOf(emptyLine);
    if (end < 0) {
        m_partialHead = bytes.toByteArray();
        return;
    }
    passHead(bytes.first(end + 2), terms, output);
    writeBody(bytes.sliced(end + emptyLine.size()), output);
    m_partialHead.clear();
}

void ReplyFilter::passHead(QByteArrayView head, const ReplyTerms &terms, OutputQueue &output)
{
    const QByteArrayView status = head.sliced(statusOffset, 3);
    const QByteArrayView rest = head.sliced(statusOffset + status.size());
    output.append(head.first(statusOffset + status.size()));
    if (!rest.startsWith(' ')) {
        output.append(" "); // RFC 9112 §4: the space stays even where there is no phrase.
    }
    const bool isWithoutBody = isBodiless(status);
    bool isUnchunked = false;
    if (isWithoutBody || terms.isHttp10) {
        isUnchunked = passLines(rest, isWithoutBody ? Length::Drop : Length::Keep, output);
    } else {
        output.append(rest);
    }
    output.append(terms.extraFields);
    output.append("\r\n");
    m_left = 0;
    m_stage = isWithoutBody || terms.isHead ? Stage::Nothing
        : isUnchunked                       ? Stage::ChunkSize
                                            : Stage::Body;
}

void ReplyFilter::writeBody(QByteArrayView bytes, OutputQueue &output)
{
    while (!bytes.isEmpty()) {
        switch (m_stage) {
        case Stage::Head:
        case Stage::Nothing:
            return;
        case Stage::Body:
            output.append(bytes);
            return;
        case Stage::ChunkSize:
            bytes = readChunkSize(bytes);
            break;
        case Stage::ChunkData:
            bytes = passChunkData(bytes, output);
            break;
        case Stage::ChunkEnd:
            bytes = skipChunkEnd(bytes);
            break;
        }
    }
}

void ReplyFilter::endChunks(OutputQueue &output)
{
    if (m_stage == Stage::Body) {
        output.append("0\r\n\r\n");
    }
    m_stage = Stage::Nothing;
}

/// QtHttpServer writes bare hexadecimal sizes, so nothing but digits and CR LF has to be
/// understood.
QByteArrayView ReplyFilter::readChunkSize(QByteArrayView bytes)
{
    const qsizetype end = bytes.indexOf('\n');
    const QByteArrayView digits = end < 0 ? bytes : bytes.first(end);
    for (const char digit : digits) {
        if (digit != '\r') {
            m_left = m_left * 16 + (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }
    }
    if (end < 0) {
        return {};
    }
    m_stage = m_left == 0 ? Stage::Nothing : Stage::ChunkData;
    return bytes.sliced(end + 1);
}

QByteArrayView ReplyFilter::passChunkData(QByteArrayView bytes, OutputQueue &output)
{
    const qsizetype count = std::min(m_left, bytes.size());
    output.append(bytes.first(count));
    m_left -= count;
    if (m_left == 0) {
        m_stage = Stage::ChunkEnd;
        m_left = 2;
    }
    return bytes.sliced(count);
}

QByteArrayView ReplyFilter::skipChunkEnd(QByteArrayView bytes)
{
    const qsizetype count = std::min(m_left, bytes.size());
    m_left -= count;
    if (m_left == 0) {
        m_stage = Stage::ChunkSize;
    }
    return bytes.sliced(count);
}

} // namespace delta::http
