#pragma once

#include "shared/models/spend_entry.h"

#include <QByteArray>
#include <QHashFunctions>

namespace delta::telemetry {

/// What decides about the labels of a call. Equal facts mean equal label sets in every metric.
struct CallFacts {
    QByteArray keyId;
    QByteArray userId;
    QByteArray teamId;
    QByteArray model;
    QByteArray deploymentId;
    QByteArray provider;
    QByteArray errorCode;
    int status = 0;
    Outcome outcome = Outcome::Rejected;

    explicit CallFacts(const SpendEntry &entry)
        : keyId(entry.keyId)
        , userId(entry.userId)
        , teamId(entry.teamId)
        , model(entry.model)
        , deploymentId(entry.deploymentId)
        , provider(entry.provider)
        , errorCode(entry.errorCode)
        , status(entry.status)
        , outcome(entry.outcome)
    {
    }
};

/// Hashes CallFacts, or the SpendEntry that they would be made of: looking one up copies nothing.
struct CallFactsHash {
    using is_transparent = void;

    template <typename Facts>
    std::size_t operator()(const Facts &facts) const
    {
        return qHashMulti(0, facts.keyId, facts.deploymentId, facts.model, facts.errorCode,
                          facts.status);
    }
};

/// Compares CallFacts with each other or with a SpendEntry.
struct CallFactsEqual {
    using is_transparent = void;

    template <typename A, typename B>
    bool operator()(const A &a, const B &b) const
    {
        return a.status == b.status && a.outcome == b.outcome && a.keyId == b.keyId
            && a.userId == b.userId && a.teamId == b.teamId && a.model == b.model
            && a.deploymentId == b.deploymentId && a.provider == b.provider
            && a.errorCode == b.errorCode;
    }
};

} // namespace delta::telemetry
