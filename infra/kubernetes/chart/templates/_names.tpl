{{/* What files/services.yaml says, as YAML. */}}
{{- define "ums.services" -}}
{{ .Files.Get "files/services.yaml" }}
{{- end }}

{{/* The name of an object, from the root and the component it belongs to. */}}
{{- define "ums.name" -}}
{{- $root := index . 0 -}}
{{ $root.Release.Name | trunc 48 | trimSuffix "-" }}-{{ index . 1 }}
{{- end }}

{{/* By what pods of a component are selected; these labels never change. */}}
{{- define "ums.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ $root.Chart.Name }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "ums.labels" -}}
{{- $root := index . 0 -}}
{{ include "ums.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
{{- end }}

{{/* The Secret of a component. */}}
{{- define "ums.secret" -}}
{{- $root := index . 0 -}}
{{ get $root.Values.secrets (index . 1) | default (include "ums.name" .) }}
{{- end }}

{{/* From an image of values.yaml and the tag if it has none. */}}
{{- define "ums.image" -}}
{{- $image := index . 0 -}}
{{ $image.repository }}{{ if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default (index . 1) }}{{ end }}
{{- end }}

{{/* Pods, processor time and memory of a component: those of the size, with what `sizes` replaces. */}}
{{- define "ums.size" -}}
{{- $root := index . 0 -}}
{{- $all := $root.Files.Get "files/sizes.yaml" | fromYaml -}}
{{- $size := get (get $all $root.Values.size) (index . 1) -}}
{{ mergeOverwrite (deepCopy $size) (get $root.Values.sizes (index . 1) | default dict) | toYaml }}
{{- end }}

{{/* `true` where a horizontal autoscaler decides how many pods a service has. */}}
{{- define "ums.scales" -}}
{{- $root := index . 0 -}}
{{- $scalesOn := (index . 2).scalesOn -}}
{{- if and $root.Values.autoscaling.enabled $scalesOn -}}
{{- if or (not $scalesOn.needs) (hasKey $root.Values.settings ($scalesOn.needs | default "")) -}}true{{- end -}}
{{- end -}}
{{- end }}
