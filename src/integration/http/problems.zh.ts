/** What the context refuses, and how to mend it. */
export const integrationProblemsInChinese: Readonly<Record<string, string>> = {
  // Files.
  empty_file: '文件为空。请上传带表头的 CSV，或每行一个 JSON 对象的文件。',
  file_too_large: '文件解压后过大，请拆分后分别上传。',
  packed_too_tightly: '文件的压缩比异常，请不压缩直接上传。',
  broken_gzip: 'gzip 压缩文件已损坏或不完整，请重新压缩后上传。',
  not_a_table: '该文件不是可导入的表格。请将其另存为 CSV 或 .xlsx，或每行一个 JSON 对象的文件后上传。',
  wrong_encoding: '文件内容与其字符编码不符。请用查询参数 encoding 指明编码后重新上传，或另存为 UTF-8（在 Excel 中选择“CSV UTF-8”）。',
  unknown_encoding: '不支持该字符编码。请使用受支持的编码名称，或将文件另存为 UTF-8。',
  broken_workbook: '无法读取该工作簿。请在 Excel 中打开并重新保存为 .xlsx 或 CSV 后上传。',
  workbook_too_large: '工作簿中不同的文本过多。请在 Excel 中另存为“CSV UTF-8”后上传，CSV 不受此限制。',
  unknown_sheet: '工作簿中没有该名称的工作表。请不指定工作表重新上传，结果会列出所有工作表。',
  not_csv: '多行中的引号没有闭合。请确认文件是以双引号为引号的 CSV。',
  not_ndjson: '文件开头没有一行是 JSON 对象。请每行发送一个对象；若为 CSV，请使用 text/csv。',
  json_array: '文件是一个 JSON 数组。请将其中每个对象单独放在一行（NDJSON）。',
  header_unreadable: '无法读取表头。请将列名放在第一行，并检查引号。',
  too_many_columns: '文件的列数过多。请确认它是一张表格，并只保留需要的列。',
  wrong_offset: '分块的起始位置与已收到的字节数不符。请用 HEAD 查询 Upload-Offset，并从该处继续发送。',
  beyond_length: '发送的内容超过了声明的文件长度。请以正确的长度重新开始上传。',
  upload_gone: '该上传已被删除。请重新开始上传。',
  upload_not_ready: '该文件尚未就绪。请发送完其余分块，或等待分析操作结束后重试。',
  invalid_upload_metadata: '无法理解 Upload-Metadata。请按“名称 Base64 值”成对书写，以逗号分隔。',
  invalid_upload_header: 'Upload-Length 和 Upload-Offset 必须是整数。',
  tus_version: '请发送 Tus-Resumable: 1.0.0。',

  // Imports.
  import_does_not_fit: '导入无法开始。请查看 errors 中的每一项，修改后重试。',
  unknown_resource: '当前版本不支持导入此类数据。请改用受支持的数据类型。',
  upload_expired: '上传的文件已过期。请重新上传并再次导入，已导入的内容会被识别。',
  upload_used: '该上传的内容已被删除：文件已导入或已撤回。请重新上传。',
  import_stopped: '导入在有错误的行之前停止，该部分未写入任何内容。请查看被拒绝的行，修改后重新导入，或改用 onError: skip。',
  profile_does_not_fit: '导入方案与所选数据类型不符。请查看 errors 中的每一项，修改后重试。',
  profile_name_taken: '已有同名的导入方案。请换一个名称，或修改已有的方案。',
  problems_in_other_format: '被拒绝的行与导入的文件格式相同：表格请取 problems.csv，每行一个 JSON 对象的文件请取 problems.ndjson。',
  problems_expired: '此次导入被拒绝的行已随上传文件一并删除。如需查看，请重新导入该文件。',

  // Events.
  unknown_event_type: '没有这种事件类型，可用的类型见 errors。请修改 types 后重试。',
  invalid_position: '路径中的位置不是事件日志中的位置。请原样使用 GET /v1/parked-events 返回的值。',
};
