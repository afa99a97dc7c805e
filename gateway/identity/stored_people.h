#pragma once

#include "gateway/ports/people.h"
#include "gateway/store/store.h"
#include "shared/core/result.h"

#include <QString>

#include <optional>

namespace delta::identity {

/// The users of a store. On its thread.
class StoredPeople final : public ports::People
{
public:
    /// `store` must outlive it.
    explicit StoredPeople(store::Store &store)
        : m_store(store)
    {
    }

    [[nodiscard]] Result<std::optional<ports::Person>> personById(const QString &id) override;
    [[nodiscard]] Result<std::optional<ports::Person>> personByName(const QString &name) override;

private:
    store::Store &m_store;
};

} // namespace delta::identity
