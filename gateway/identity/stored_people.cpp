#include "gateway/identity/stored_people.h"

#include "gateway/store/control_tables.h"

namespace delta::identity {

namespace {

ports::Person personOf(const User &user)
{
    return {user.id, user.email, user.name, QString(enumName(user.role)), user.block.isBlocked};
}

} // namespace

Result<std::optional<ports::Person>> StoredPeople::personById(const QString &id)
{
    std::optional<User> user;
    TRY_VOID(m_store.look([&](store::ControlTables &tables) -> Result<void> {
        TRY(user, tables.users.find({id}));
        return {};
    }));
    return user.transform(personOf);
}

Result<std::optional<ports::Person>> StoredPeople::personByName(const QString &name)
{
    if (!name.contains(u'@')) {
        return personById(name);
    }
    std::optional<User> user;
    TRY_VOID(m_store.look([&](store::ControlTables &tables) -> Result<void> {
        TRY(user, tables.userByEmail(name));
        return {};
    }));
    return user.transform(personOf);
}

} // namespace delta::identity
