#pragma once

#include "gateway/openai/json_document.h"
#include "gateway/openai/operation.h"

#include <span>

namespace delta::openai {

/// Whether a request is refused without the field.
enum class Presence { Required, Optional };

/// What we hold a field of a request to. Fields that are not listed pass through untouched.
struct FieldRule {
    QByteArrayView name;
    JsonTypes types = 0;        ///< Kinds that the value may have.
    JsonTypes elementTypes = 0; ///< Kinds that the elements of an array may have; zero: any.
    Presence presence = Presence::Optional;
};

/// Returns the rules of an operation.
/// Source: OpenAI API reference, request bodies of /chat/completions, /completions and /embeddings,
/// read 2026-11.
[[nodiscard]] std::span<const FieldRule> fieldRules(Operation operation);

/// Checks the members of a body against the rules of an operation.
/// Errors: InvalidRequest naming the field, what it must be, and its byte offset.
[[nodiscard]] Result<void> checkFields(const JsonDocument &document, Operation operation);

} // namespace delta::openai
