{{/* A rule of a network policy, from `from` or `to`, a list of peers and a list of TCP ports. No peer is everybody. */}}
{{- define "ums.rule" -}}
- ports:
    {{- range index . 2 }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
  {{- with index . 1 }}
  {{ index $ 0 }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Pods of this release, as a list of peers. */}}
{{- define "ums.pods" -}}
{{- $root := index . 0 -}}
{{- range index . 1 }}
- podSelector:
    matchLabels:
      {{- include "ums.selector" (list $root .) | nindent 6 }}
{{- end }}
{{- end }}

{{- define "ums.dns" -}}
- ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
  {{- with .Values.networkPolicy.dns }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
