#pragma once

#include "gateway/auth/authenticator.h"
#include "gateway/auth/permissions.h"
#include "gateway/pipeline/snapshot.h"
#include "gateway/ports/http_request.h"

#include <memory>

namespace delta::pipeline {

/// GET /v1/models and GET /v1/models/{id}: the models that the caller may call, and no others.
class ModelListing
{
public:
    struct Parts {
        const auth::Authenticator &authenticator;
        const auth::Permissions &permissions;
        const SnapshotSource &snapshots;
        const Clock &clock;
    };

    explicit ModelListing(const Parts &parts);

    void list(const ports::HttpRequest &request, ports::HttpReply &reply) const;
    /// Describes one model; a model that the caller may not call does not exist for it.
    void show(const ports::HttpRequest &request, QByteArrayView model,
              ports::HttpReply &reply) const;

private:
    [[nodiscard]] QByteArray describe(QByteArrayView model) const;

    Parts m_parts;
    /// When this process started, in seconds: models have no age of their own.
    QByteArray m_created;
};

} // namespace delta::pipeline
