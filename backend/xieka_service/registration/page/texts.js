/** Every sentence the script says; what never changes stands in the documents. */
export const TEXTS = Object.freeze({
  sending: "正在提交……",
  submit: "提交",
  close: "关闭",
  finish: "完成",
  retry: "重试",
  reload: "重新载入",
  mistakes: "还有几处需要填写或改正：",
  errors: Object.freeze({
    contact: "请填写联系人，最多 40 个字，不含特殊控制字符。",
    phone: "请填写 11 位手机号，或带区号的座机号码，例如 021-12345678。",
    email: "这个电子邮箱不完整。可以不填。",
    purposes: "请至少选择一项用途。一项都不同意时，请按“跳过”。",
    read: "请先阅读个人信息处理说明，再勾选这一项。",
  }),
  failed: "注册信息没有提交成功。不影响使用，填写的内容还在页面上。可以重试或跳过。（E-REG-01）",
  refused: "服务没有接受填写的内容，什么也没有保存。请检查后再提交，或者按“跳过”。",
  changed: "个人信息处理说明刚刚更新，什么也没有保存。填写的内容还在；请重新载入，阅读新的说明后再提交。",
  full: "这张证书的注册信息已有 20 条，不能再增加。请在协卡助手的菜单中选择“用户注册”，删除不需要的，再来提交。",
  states: Object.freeze({
    used: Object.freeze({
      title: "这个页面已经打开过一次",
      text: "为了安全，每次打开的页面只能用一次，十分钟内有效。不影响使用。请关闭这个窗口，在协卡助手的菜单中选择“用户注册”重新打开。",
    }),
    expired: Object.freeze({
      title: "页面打开的时间太长了",
      text: "为了安全，打开一小时后不能再提交。不影响使用。请关闭这个窗口，在协卡助手的菜单中选择“用户注册”：可以看到已经收到的内容，也可以重新打开。",
    }),
    submitted: Object.freeze({
      title: "注册信息已经收到",
      text: "从这个页面已经提交过一次，不会再保存第二份。要查看、更正或删除，请在协卡助手的菜单中选择“用户注册”。",
    }),
    outdated: Object.freeze({
      title: "这个页面已经更新",
      text: "请重试以载入新的页面。填写的内容还在。",
    }),
    unreachable: Object.freeze({
      title: "暂时连不上服务",
      text: "不影响使用。请检查网络后重试，或者按“跳过”。",
    }),
  }),
});
