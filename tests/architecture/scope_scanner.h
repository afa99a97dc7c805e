#pragma once

#include <QString>

#include <vector>

namespace delta::architecture {

/// What a pair of braces encloses.
enum class ScopeKind {
    Namespace,
    Type, ///< class, struct or union.
    Enumeration,
    Function,
    Other, ///< Blocks and initialisers.
};

/// One pair of braces with what stands before it.
struct Scope {
    ScopeKind kind = ScopeKind::Other;
    ScopeKind parent = ScopeKind::Namespace; ///< What encloses it; the file counts as a namespace.
    QString head;                            ///< The declaration before the brace, in one line.
    int firstLine = 0;                       ///< Of the declaration.
    int lastLine = 0;                        ///< Of the closing brace.

    /// Returns the number of lines, from the declaration to the closing brace.
    [[nodiscard]] int lines() const
    {
        return lastLine - firstLine + 1;
    }
    /// Returns the name of a function, as far as it is written before its parameters.
    [[nodiscard]] QString functionName() const;
    /// Returns the number of a function's parameters.
    [[nodiscard]] int parameterCount() const;
};

/// Finds the scopes of a C++ text without comments, literals and preprocessor lines.
/// It knows braces and declarations, not the language: good for measuring, not for judging.
/// Scopes within functions are parts of them and not listed.
[[nodiscard]] std::vector<Scope> scanScopes(const QString &bare);

} // namespace delta::architecture
