#include "gateway/app/ring_keeper.h"

#include "gateway/app/sealing.h"

#include <QLoggingCategory>

#include <utility>

namespace delta::app {

namespace {

Q_LOGGING_CATEGORY(lcSealing, "delta.sealing")

} // namespace

RingKeeper::RingKeeper(Parts parts)
    : m_parts(std::move(parts))
{
}

Result<void> RingKeeper::refresh()
{
    TRY(const QStringList known, m_parts.store.sealingKeys());
    if (known == m_known) {
        return {};
    }
    auto ring = openKeyRing(m_parts.sources, m_parts.store, m_parts.random);
    if (!ring) {
        if (m_complaint != ring.error().message) {
            m_complaint = ring.error().message;
            qCCritical(lcSealing, "the sealing keys were replaced and cannot be read: %ls",
                       qUtf16Printable(m_complaint));
        }
        return {};
    }
    if (ring->newest().id != m_parts.envelope.ring()->newest().id) {
        qCInfo(lcSealing, "secrets are sealed with the key %s from now on",
               ring->newest().id.constData());
    }
    m_parts.envelope.adopt(*std::move(ring));
    m_known = known;
    m_complaint.clear();
    m_parts.onChange();
    return {};
}

} // namespace delta::app
