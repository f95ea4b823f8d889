{{- /* A service's values over the defaults. Arguments: root, name. */ -}}
{{- define "teleop.service" -}}
{{- toYaml (mergeOverwrite (deepCopy .root.Values.defaults) (deepCopy (index .root.Values.services .name))) -}}
{{- end -}}

{{- define "teleop.fullname" -}}
{{ printf "%s-%s" .root.Release.Name .name | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "teleop.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{- define "teleop.labels" -}}
{{ include "teleop.selector" . }}
app.kubernetes.io/part-of: teleop
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "teleop.image" -}}
{{- $image := .root.Values.image -}}
{{- $digest := index $image.digests .name -}}
{{- if $digest -}}
{{ printf "%s/%s@%s" $image.registry .name $digest }}
{{- else -}}
{{ printf "%s/%s:%s" $image.registry .name (default .root.Chart.AppVersion $image.tag) }}
{{- end -}}
{{- end -}}

{{- define "teleop.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "teleop.containerSecurity" -}}
readOnlyRootFilesystem: true
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
{{- end -}}

{{- /* DATABASE_URL, NATS_URL or REDIS_URL: from a Secret, else as it is. Arguments: name, from. */ -}}
{{- define "teleop.url" -}}
- name: {{ .name }}
{{- if .from.secret }}
  valueFrom:
    secretKeyRef:
      name: {{ .from.secret.name }}
      key: {{ .from.secret.key }}
{{- else }}
  value: {{ .from.url | quote }}
{{- end }}
{{- end -}}

{{- /* NetworkPolicy peers of a list of services; `ingress` stands for who may reach the gateway. Arguments: root, names. */ -}}
{{- define "teleop.peersOf" -}}
{{- $root := .root -}}
{{- range .names }}
{{- if eq . "ingress" }}
{{ toYaml $root.Values.network.ingressPeers }}
{{- else }}
- podSelector:
    matchLabels:
      {{- include "teleop.selector" (dict "root" $root "name" .) | nindent 6 }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "teleop.dnsEgress" -}}
- to:
    {{- toYaml .Values.network.dnsPeers | nindent 4 }}
  ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end -}}
