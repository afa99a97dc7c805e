#pragma once

#include "shared/models/audit_event.h"

#include <utility>

namespace delta::ports {

/// Where it is said who acts: what is changed through the ports of a store is written to the audit log as done by
/// whoever sits here. Used on the thread that owns the store.
class ActorSeat
{
public:
    virtual ~ActorSeat() = default;

    /// Takes the beginning of a record: who acts and how they came. It holds until the next one; the gateway itself
    /// sits here at first.
    virtual void seat(AuditEvent actor) = 0;

protected:
    ActorSeat() = default;
    ActorSeat(const ActorSeat &) = default;
    ActorSeat &operator=(const ActorSeat &) = default;
};

/// Seats somebody until it dies; then the gateway itself.
class Seated
{
public:
    /// `seat` is borrowed, and outlives this.
    Seated(ActorSeat &seat, AuditEvent actor)
        : m_seat(seat)
    {
        m_seat.seat(std::move(actor));
    }
    ~Seated()
    {
        m_seat.seat({});
    }
    Seated(const Seated &) = delete;
    Seated &operator=(const Seated &) = delete;

private:
    ActorSeat &m_seat;
};

} // namespace delta::ports
