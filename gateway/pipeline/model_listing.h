#pragma once

#include "gateway/auth/permissions.h"
#include "gateway/pipeline/caller_desk.h"
#include "gateway/pipeline/snapshot.h"
#include "gateway/ports/http_reply.h"
#include "gateway/ports/http_request.h"

#include <functional>
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
        const CallerDesk *callers =
            nullptr; ///< The thread's own; null: the authenticator knows all who may ask.
    };

    explicit ModelListing(const Parts &parts);

    void list(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply) const;
    /// Describes one model; a model that the caller may not call does not exist for it.
    void show(ports::HttpRequest request, QByteArray model,
              std::unique_ptr<ports::HttpReply> reply) const;

private:
    /// Makes the body of an answer to somebody.
    using Describe = std::function<Result<QByteArray>(const auth::Principal &principal)>;

    Task<> serve(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply,
                 Describe describe) const;
    [[nodiscard]] QByteArray all(const auth::Principal &principal) const;
    [[nodiscard]] Result<QByteArray> one(const auth::Principal &principal,
                                         QByteArrayView model) const;
    [[nodiscard]] QByteArray describe(QByteArrayView model) const;

    Parts m_parts;
    /// When this process started, in seconds: models have no age of their own.
    QByteArray m_created;
};

} // namespace delta::pipeline
