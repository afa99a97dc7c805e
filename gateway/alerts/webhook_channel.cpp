#include "gateway/alerts/webhook_channel.h"

#include "gateway/alerts/signature.h"

namespace delta::alerts {

net::SideCaller::Outcome WebhookChannel::send(const OutgoingAlert &outgoing,
                                              const net::SideCaller &caller)
{
    net::SidePost post{m_settings.url,
                       {{"Content-Type", "application/json"},
                        {"X-DeltaLLM-Event", outgoing.alert.event.toLatin1()},
                        {"X-DeltaLLM-Alert-Id", outgoing.alert.id.toLatin1()}},
                       outgoing.event};
    if (!m_settings.secret.isEmpty()) {
        post.fields.emplace_back("X-DeltaLLM-Signature",
                                 signatureOf(post.body, m_settings.secret, outgoing.now));
    }
    return caller.post(post);
}

} // namespace delta::alerts
