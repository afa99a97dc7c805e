#pragma once

#include "gateway/http/edge_settings.h"

#include <QtTypes>

namespace delta::http {

/// Judges how fast a request body arrives, so that nobody can hold memory by dripping bytes. Every
/// stretch of bodyTimeout is judged by itself: what came fast at the beginning is no credit for the
/// hours behind it, and a body that needs a whole stretch for its last bytes is too slow as well.
class BodyPace final
{
public:
    /// Begins the first stretch of a body. What came together with its head counts in it.
    void begin()
    {
        m_bytesBefore = 0;
    }
    /// Ends a stretch, with that many bytes of the body in hand, and begins the next. Says whether
    /// it has brought too few.
    [[nodiscard]] bool endsTooSlow(qsizetype bytes, const EdgeSettings &settings)
    {
        const qsizetype arrived = bytes - m_bytesBefore;
        m_bytesBefore = bytes;
        return arrived * 1000 < settings.minBodyBytesPerSecond * settings.bodyTimeout.count();
    }

private:
    qsizetype m_bytesBefore = 0; ///< What was in hand when the stretch began.
};

} // namespace delta::http
