{{- /* What a service is told. Arguments: root, name, service. */ -}}
{{- define "teleop.environment" -}}
{{- $root := .root -}}
{{- $values := .root.Values -}}
{{- $service := .service -}}
- name: NODE_ENV
  value: production
- name: PORT
  value: {{ $service.port | quote }}
- name: METRICS_PORT
  value: "9464"
- name: SHUTDOWN_DELAY_MS
  value: {{ mul $values.handOverSeconds 1000 | quote }}
- name: SHUTDOWN_TIMEOUT_MS
  value: {{ mul $service.shutdownSeconds 1000 | quote }}
- name: TRUST_PROXY
  value: {{ join "," (ternary $values.network.proxyCidrs $values.network.podCidrs (eq .name "api-gateway")) | quote }}
{{- if has "database" $service.uses }}
{{ include "teleop.url" (dict "name" "DATABASE_URL" "from" $values.database) }}
{{- end }}
{{- if has "nats" $service.uses }}
{{ include "teleop.url" (dict "name" "NATS_URL" "from" $values.nats) }}
- name: NATS_STREAM_REPLICAS
  value: {{ $values.nats.streamReplicas | quote }}
{{- end }}
{{- if has "redis" $service.uses }}
{{ include "teleop.url" (dict "name" "REDIS_URL" "from" $values.redis) }}
{{- end }}
{{- if eq .name "api-gateway" }}
{{- range $service.calls }}
{{- $called := index $values.services . }}
{{- if $called.enabled }}
- name: {{ ternary "ROBOT_GATEWAY_URL" (printf "%s_URL" (upper . | replace "-" "_")) (eq . "robot-gateway") }}
  value: {{ printf "http://%s:%v" (include "teleop.fullname" (dict "root" $root "name" .)) $called.port }}
{{- end }}
{{- end }}
- name: CORS_ORIGINS
  value: {{ $values.publicUrl | quote }}
{{- end }}
{{- if has .name (list "queue-service" "recognition-service") }}
- name: GATEWAY_PUBLIC_URL
  value: {{ $values.publicUrl | quote }}
{{- end }}
{{- range concat $service.secrets (default (list) $service.optionalSecrets) }}
- name: {{ . }}_FILE
  value: /var/run/secrets/teleop/{{ . }}
{{- end }}
{{- range $key, $value := merge (deepCopy $service.settings) $values.settings }}
- name: {{ $key }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}
