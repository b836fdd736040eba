{{/* The environment of a service, from the root, its name and its entry of files/services.yaml. */}}
{{- define "ums.env" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $service := index . 2 -}}
{{- if include "ums.ipv6" $root }}
- { name: HOST, value: '::' }
{{- else }}
- { name: HOST, value: 0.0.0.0 }
{{- end }}
- { name: METRICS_PORT, value: '9464' }
{{- if eq $service.serves "api" }}
- { name: PORT, value: '8080' }
- { name: TRUSTED_PROXIES, value: {{ $root.Values.podNetworks | join "," | quote }} }
{{- end }}
{{- if eq $name "query-api" }}
- { name: ACCESS_TOKEN_JWKS, value: "http://{{ include "ums.name" (list $root "command-api") }}:8080/.well-known/jwks.json" }
{{- end }}
{{- range $service.settings }}
{{- if hasKey $root.Values.settings . }}
- { name: {{ . }}, value: {{ get $root.Values.settings . | quote }} }
{{- end }}
{{- end }}
{{- include "ums.secretEnv" (list $root $name $service.secrets false) }}
{{- include "ums.secretEnv" (list $root $name $service.optionalSecrets true) }}
{{- end }}

{{/* `true` where pods have addresses of IPv6: programs listen on both families. Else on IPv4 alone: a kernel may lack the other. */}}
{{- define "ums.ipv6" -}}
{{- if contains ":" (join "," .Values.podNetworks) }}true{{ end -}}
{{- end }}

{{/* Refuses settings that no service reads: a misspelt one would have no effect. */}}
{{- define "ums.requireKnownSettings" -}}
{{- $known := list -}}
{{- range include "ums.services" . | fromYaml }}{{ $known = concat $known .settings }}{{ end -}}
{{- range $setting, $_ := .Values.settings -}}
{{- if not (has $setting $known) }}{{ fail (printf "settings.%s: no service reads it, or it is a secret or set by the chart" $setting) }}{{ end -}}
{{- end -}}
{{- end }}
