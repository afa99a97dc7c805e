#pragma once

#include "gateway/ports/http_reply.h"
#include "shared/core/clock.h"
#include "shared/core/secret.h"

#include <QByteArray>

namespace delta::secrets {

/// Who signs, and for which service.
struct AwsSigner {
    QByteArray accessKeyId;
    Secret secretAccessKey;
    QByteArray region;  ///< Such as "eu-central-1".
    QByteArray service; ///< Such as "secretsmanager".
};

/// What is signed of a request.
struct AwsRequest {
    QByteArray method;
    QByteArray path;          ///< As it is sent: encoded, with its leading slash.
    QByteArray query{};       ///< Encoded, its parameters sorted by name; empty: none.
    ports::HeaderList fields; ///< All that are signed, "host" among them, but not x-amz-date.
    QByteArray body;
};

/// Returns the fields x-amz-date and authorization that sign a request with Signature Version 4, for the time given.
[[nodiscard]] ports::HeaderList awsSignature(const AwsSigner &signer, const AwsRequest &request,
                                             WallTime now);

} // namespace delta::secrets
