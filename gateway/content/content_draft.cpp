#include "gateway/content/content_draft.h"

#include <utility>

namespace delta::content {

namespace {

constexpr qsizetype eventsPerText = 8;

} // namespace

ContentDraft::ContentDraft(QByteArray request, const ContentSettings &settings,
                           std::atomic<qint64> &total)
    : m_settings(settings)
    , m_request(std::move(request))
    , m_held(total)
{
    hold(m_request.size());
}

void ContentDraft::addEvents(const QByteArray &events)
{
    m_isStream = true;
    if (m_isCut || m_isLost) {
        return;
    }
    m_isCut = m_answer.size() + events.size() > eventsPerText * m_settings.maxBytes;
    if (!m_isCut && hold(events.size())) {
        m_answer += events;
    }
}

void ContentDraft::setAnswer(const QByteArray &answer)
{
    if (!m_isLost && hold(answer.size())) {
        m_answer = answer;
    }
}

/// What does not fit is lost as a whole, so that nobody takes a part of it for all.
bool ContentDraft::hold(qsizetype bytes)
{
    if (m_held.grow(bytes, m_settings.maxMemory)) {
        return true;
    }
    m_isLost = true;
    m_request.clear();
    m_answer.clear();
    m_held.release();
    return false;
}

} // namespace delta::content
