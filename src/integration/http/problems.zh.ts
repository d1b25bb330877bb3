/** What the context refuses, and how to mend it. */
export const integrationProblemsInChinese: Readonly<Record<string, string>> = {
  // Files.
  empty_file: '文件为空。请上传带表头的 CSV，或每行一个 JSON 对象的文件。',
  file_too_large: '文件解压后过大，请拆分后分别上传。',
  packed_too_tightly: '文件的压缩比异常，请不压缩直接上传。',
  broken_gzip: 'gzip 压缩文件已损坏或不完整，请重新压缩后上传。',
  not_a_text_file: '该文件不是文本文件。请将表格另存为 UTF-8 编码的 CSV，或每行一个 JSON 对象的文件后上传。',
  not_utf8: '文件内容与其字符编码不符。请另存为 UTF-8（在 Excel 中选择“CSV UTF-8”）后重新上传。',
  not_csv: '多行中的引号没有闭合。请确认文件是以双引号为引号的 CSV。',
  not_ndjson: '文件开头没有一行是 JSON 对象。请每行发送一个对象；若为 CSV，请使用 text/csv。',
  json_array: '文件是一个 JSON 数组。请将其中每个对象单独放在一行（NDJSON）。',
  header_unreadable: '无法读取表头。请将列名放在第一行，并检查引号。',
  too_many_columns: '文件的列数过多。请确认它是一张表格，并只保留需要的列。',

  // Imports.
  import_does_not_fit: '导入无法开始。请查看 errors 中的每一项，修改后重试。',
  unknown_resource: '当前版本不支持导入此类数据。请改用受支持的数据类型。',
  upload_expired: '上传的文件已过期。请重新上传并再次导入，已导入的内容会被识别。',
  upload_used: '该上传的内容已被删除：文件已导入或已撤回。请重新上传。',
  problems_expired: '此次导入被拒绝的行已随上传文件一并删除。如需查看，请重新导入该文件。',

  // Exports.
  export_does_not_fit: '导出无法开始。请查看 errors 中的每一项，修改后重试。',
  export_not_ready: '文件尚未完成。请等待操作成功；若已失败或取消，请恢复该操作。',
  export_expired: '导出文件在读取时被删除。请重新导出。',
  export_too_large: '工作簿将超过 4 GB。请改用 csv 或 ndjson，或用筛选条件缩小范围。',
  cell_too_long: '有单元格超过工作簿单元格的长度上限。请改用 csv 或 ndjson，或不导出该列。',
  unknown_column: '当前版本没有此列。请重新导出。',

  // Events.
  unknown_event_type: '没有这种事件类型，可用的类型见 errors。请修改 types 后重试。',
  invalid_position: '路径中的位置不是事件日志中的位置。请原样使用 GET /v1/parked-events 返回的值。',
};
