// Body of the login and recovery hooks: asks Gatehouse whether this identity may go on.
//
// Total: whatever is absent, null or of another type, there is a body. Gatehouse decides from its own store; the public
// metadata is sent along so that it notices when the two differ. Nothing that a client can set is sent.
function(ctx)
  local object(value) = if std.isObject(value) then value else {};
  local field(value, name) = if std.objectHas(object(value), name) then value[name] else null;
  local text(value) = if std.isString(value) && std.length(value) > 0 && std.length(value) <= 200 then value else null;

  local identity = field(ctx, 'identity');

  std.prune({ identity_id: text(field(identity, 'id')) })
  + { metadata_public: object(field(identity, 'metadata_public')) }
