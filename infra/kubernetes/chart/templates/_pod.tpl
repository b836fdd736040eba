{{/* Who a pod runs as: nobody that the node knows, without privileges. The numbers are those of the images' users. */}}
{{- define "ums.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "ums.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "ums.resources" -}}
{{- $size := include "ums.size" . | fromYaml -}}
requests: { cpu: {{ $size.cpu | quote }}, memory: {{ $size.memory }} }
limits: { memory: {{ $size.memoryLimit }} }
{{- end }}

{{/* Where the pods of a component run: spread over zones and machines, also while a new version starts. */}}
{{- define "ums.placement" -}}
{{- $root := index . 0 -}}
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "ums.selector" $ | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- with $root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* New connections still come for a moment after a pod is told to end: its Services learn it at the same time. */}}
{{- define "ums.lifecycle" -}}
preStop: { sleep: { seconds: 5 } }
{{- end }}

{{/* Variables of a Secret, from the root, the component and a list of them. */}}
{{- define "ums.secretEnv" -}}
{{- $secret := include "ums.secret" (list (index . 0) (index . 1)) -}}
{{- $optional := index . 3 -}}
{{- range index . 2 }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ . }}{{ if $optional }}, optional: true{{ end }} } }
{{- end }}
{{- end }}

{{/* Certificates of those who signed those of the engines, for settings such as OPENSEARCH_CA_FILE. */}}
{{- define "ums.certificatesMount" -}}
{{- if .Values.certificates -}}
- { name: certificates, mountPath: /etc/ums/certificates, readOnly: true }
{{- end }}
{{- end }}

{{- define "ums.certificatesVolume" -}}
{{- with .Values.certificates -}}
- name: certificates
  configMap: { name: {{ . }} }
{{- end }}
{{- end }}
